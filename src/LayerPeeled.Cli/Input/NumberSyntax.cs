using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LayerPeeled.Cli.Input;

/// <summary>Options that are one number, with errors that name the option, the value and what is allowed.</summary>
internal static class NumberSyntax
{
    public static Option<double?> Number(string name, string symbol, string description, string allowed, Func<double, bool> accepts) =>
        Create<double?>(name, symbol, description, allowed, text => TryParse(text, out double value) && accepts(value) ? value : null);

    public static Option<int?> Integer(string name, string symbol, string description, string allowed, int minimum) =>
        Create<int?>(name, symbol, description, allowed, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum ? value : null);

    public static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static Option<T> Create<T>(string name, string symbol, string description, string allowed, Func<string, T> parse) => new(name)
    {
        HelpName = symbol,
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            T value = parse(text);
            if (value is null)
            {
                result.AddError($"{name} '{text}' is not allowed: it must be {allowed}.");
            }

            return value;
        },
    };
}
