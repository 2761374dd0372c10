using System.Globalization;
using System.Text.RegularExpressions;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Numbers as people and programs write them.</summary>
internal static partial class NumberText
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A number with a decimal point and no other signs.</summary>
    public static bool TryPlain(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        return BeginsLikeOne(text) && double.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A number in any of the ways.</summary>
    public static bool IsLike(ReadOnlySpan<char> text) =>
        TryPlain(text, out _) || (BeginsLikeOne(text) && (IsCommaGrouped(text) || HasDecimalComma(text) || IsBlankGrouped(text) || IsDotGrouped(text)));

    /// <summary>Whether text begins with a digit, perhaps behind a sign or a point, so that it cannot be a heading.</summary>
    public static bool BeginsLikeOne(ReadOnlySpan<char> text) => text.TrimStart("+-.,") is [>= '0' and <= '9', ..] && text[0] is not ',';

    /// <summary>A word that stands for a number that is not there.</summary>
    public static bool IsMissing(string text) => text.TrimStart('+', '-').ToUpperInvariant() is "" or "NAN" or "INF" or "INFINITY" or "∞" or "NA" or "N/A" or "NULL" or "NONE";

    /// <summary>Three digits: the tail of a number with separators of thousands.</summary>
    public static bool IsGroup(ReadOnlySpan<char> text) => text.Length == 3 && text.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary><c>1,234</c>, <c>1,234,567.8</c>.</summary>
    public static bool IsCommaGrouped(ReadOnlySpan<char> text) => CommaGrouped().IsMatch(text);

    /// <summary><c>1,5</c>; <c>1.234,5</c> and <c>1 234,5</c> too, but not <c>1,234</c>, which may be a thousand and more.</summary>
    public static bool HasDecimalComma(ReadOnlySpan<char> text) => DecimalComma().IsMatch(text) && !IsCommaGrouped(text);

    /// <summary><c>1 234</c>, <c>1'234.5</c>.</summary>
    public static bool IsBlankGrouped(ReadOnlySpan<char> text) => BlankGrouped().IsMatch(text);

    /// <summary><c>1.234.567</c>: with two groups there is no doubt.</summary>
    public static bool IsDotGrouped(ReadOnlySpan<char> text) => DotGrouped().IsMatch(text);

    /// <summary><c>1.234</c>: a number, unless the point separates thousands.</summary>
    public static bool MayBeDotGrouped(ReadOnlySpan<char> text) => OneDotGroup().IsMatch(text);

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommaGrouped();

    [GeneratedRegex(@"^[+-]?([0-9]+|[1-9][0-9]{0,2}([. \u00A0\u2009\u202F'’][0-9]{3})+),[0-9]+([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}([ \u00A0\u2009\u202F'’][0-9]{3})+([.,][0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex BlankGrouped();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}(,[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DotGrouped();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OneDotGroup();
}
