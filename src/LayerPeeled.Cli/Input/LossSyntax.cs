using System.CommandLine;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Cli.Input;

/// <summary>Losses by their names in the catalogue, <c>NAME[:param=value,…]</c>.</summary>
internal static class LossSyntax
{
    public static Option<ILoss?> Option(string name, string description) => new(name)
    {
        HelpName = "name[:param=value,…]",
        Description = $"{description} {string.Join("; ", LossCatalog.Entries.Select(entry => entry.Syntax))}.",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (LossCatalog.TryParse(text, out ILoss? loss, out string? error))
            {
                return loss;
            }

            result.AddError($"{name} '{text}' is not allowed: {error}");
            return null;
        },
    };
}
