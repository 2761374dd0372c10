using System.Globalization;
using LayerPeeled.Data;

namespace LayerPeeled.Cli.Input;

/// <summary><c>100,500,100</c>: 100 classes from 500 examples down to 500/100.</summary>
internal static class LongTailSyntax
{
    public static IReadOnlyList<double> Parse(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length == 3 && NumberSyntax.TryParse(parts[2], out double inverse) && inverse is > 0 and < 1)
        {
            throw new UsageException($"--long-tail '{text}' is not allowed: the imbalance ratio is that of the largest count to the smallest, at least 1; "
                + string.Create(CultureInfo.InvariantCulture, $"for a smallest class of {inverse} times the largest it is {1 / inverse:g12}, as in {parts[0]},{parts[1]},{1 / inverse:g12}."));
        }

        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int classes)
            && classes >= 2 && classes <= Array.MaxLength
            && NumberSyntax.TryParse(parts[1], out double largest) && largest >= 1
            && NumberSyntax.TryParseRatio(parts[2], out double ratio)
            ? LongTail.Counts(classes, largest, ratio)
            : throw new UsageException(
                $"--long-tail '{text}' is not allowed: a number of classes of at least 2, the largest count and the imbalance ratio " +
                "(numbers of at least 1; the ratio may be inf) are expected, as in 100,500,100.");
    }
}
