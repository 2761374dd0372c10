using System.Globalization;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A number with the digits it is written with.</summary>
public readonly struct ShownNumber
{
    /// <summary>Below this, gaps and residuals are rounding: they only have to stay below it.</summary>
    public const double Roundoff = 1e-9;

    private readonly double value;

    // One of the last digit written.
    private readonly double unit;

    private readonly bool isWhole;

    /// <param name="text">As it is written.</param>
    public ShownNumber(string text)
    {
        string[] parts = text.Split('e', 'E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal), decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        int exponent = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        value = double.Parse(text, CultureInfo.InvariantCulture);
        unit = Math.Pow(10, exponent - decimals);
        isWhole = decimals == 0 && parts.Length == 1;
    }

    /// <summary>
    /// Whether another number may stand for this one: whole numbers are equal, others differ by at most one unit of the last digit written, two where
    /// five or more are, and by no more than that in the last of the digits that count.
    /// </summary>
    /// <param name="other">The other number.</param>
    /// <param name="digits">Significant digits that count.</param>
    /// <param name="negligible">Numbers below this agree.</param>
    public bool Agrees(ShownNumber other, int digits, double negligible = Roundoff)
    {
        double size = Math.Max(Math.Abs(value), Math.Abs(other.value)), distance = Math.Abs(value - other.value);
        if (isWhole && other.isWhole)
        {
            return distance == 0;
        }

        // The more precise of both: trailing zeros are not written.
        double finest = Math.Min(unit, other.unit);
        double tolerance = Math.Max(finest * (size >= 1e4 * finest ? 2 : 1), size * Math.Pow(10, -digits));
        return size < negligible || distance <= tolerance * (1 + 1e-6);
    }
}
