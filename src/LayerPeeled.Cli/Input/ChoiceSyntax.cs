using System.CommandLine;

namespace LayerPeeled.Cli.Input;

/// <summary>Options that are one of a few words, with errors that name the option, the value and what is allowed.</summary>
internal static class ChoiceSyntax
{
    /// <param name="name">The name of the option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="choices">The words and what they stand for.</param>
    /// <param name="aliases">Other words that are understood too.</param>
    public static Option<T?> Option<T>(string name, string description, IReadOnlyList<(string Word, T Value)> choices, params (string Word, T Value)[] aliases)
        where T : struct => new(name)
        {
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                foreach ((string word, T value) in choices.Concat(aliases))
                {
                    if (word == text)
                    {
                        return value;
                    }
                }

                result.AddError($"{name} '{text}' is not allowed: one of {string.Join(", ", choices.Select(choice => choice.Word))} is expected.");
                return null;
            },
        };
}
