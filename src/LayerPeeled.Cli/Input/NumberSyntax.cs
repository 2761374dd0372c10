using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LayerPeeled.Cli.Input;

/// <summary>Options that are one number, with errors that name the option, the value and what is allowed.</summary>
internal static class NumberSyntax
{
    private static readonly string[] Infinities = ["inf", "+inf", "infinity", "∞"];

    public static Option<double?> Number(string name, string symbol, string description, string allowed, Func<double, bool> accepts) =>
        Create<double?>(name, symbol, description, allowed, text => TryParse(text, out double value) && accepts(value) ? value : null);

    /// <summary>A ratio R of examples: at least 1, and inf for minority classes without examples.</summary>
    public static Option<double?> Ratio(string name, string description) =>
        Create<double?>(name, "R", description, "a number of at least 1, or inf", text => TryParseRatio(text, out double value) ? value : null);

    public static Option<int?> Integer(string name, string symbol, string description, string allowed, int minimum) =>
        Create<int?>(name, symbol, description, allowed, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum ? value : null);

    public static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>A ratio R of examples.</summary>
    public static bool TryParseRatio(string text, out double value)
    {
        if (Infinities.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            value = double.PositiveInfinity;
            return true;
        }

        return TryParse(text, out value) && value >= 1;
    }

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
