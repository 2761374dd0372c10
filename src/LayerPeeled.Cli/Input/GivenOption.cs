using System.CommandLine;

namespace LayerPeeled.Cli.Input;

/// <summary>An option that stands on the command line.</summary>
/// <param name="Option">The option.</param>
/// <param name="Text">Its name, and its value where it has one.</param>
internal sealed record GivenOption(Option Option, string Text)
{
    /// <summary>The first of some options that is given; null where none is.</summary>
    public static GivenOption? First(ParseResult parsed, IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                return new GivenOption(option, result.Tokens.Count == 0 ? option.Name : $"{option.Name} '{result.Tokens[0].Value}'");
            }
        }

        return null;
    }
}
