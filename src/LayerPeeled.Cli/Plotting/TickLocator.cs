using System.Globalization;

namespace LayerPeeled.Cli.Plotting;

/// <summary>Round numbers along an axis.</summary>
internal static class TickLocator
{
    private const double Slack = 1e-9;
    private const int MostMinorDecades = 6;

    // Of numbers near zero
    private const int MostDecimals = 4;

    /// <summary>The marks of an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="atMost">Most marks with a label, at least 2.</param>
    public static IReadOnlyList<Tick> Ticks(Axis axis, int atMost)
    {
        Tick[] ticks = (axis.Scale switch
        {
            AxisScale.Linear => Linear(axis.Minimum, axis.Maximum, atMost),
            AxisScale.Whole => Whole(axis.Minimum, axis.Maximum, atMost),
            _ => Logarithmic(axis.Minimum, axis.Maximum, atMost),
        }).ToArray();
        double slack = Slack * (axis.Maximum - axis.Minimum);
        return ticks.Where(tick => tick.Coordinate >= axis.Minimum - slack && tick.Coordinate <= axis.Maximum + slack).ToArray();
    }

    /// <summary>A number as a label: a true minus sign, and powers of ten where plain digits would be long.</summary>
    public static string Label(double value, int decimals)
    {
        double size = Math.Abs(value);
        if (value == 0 && decimals > MostDecimals)
        {
            return "0";
        }

        if (size < 1e5 && (decimals <= MostDecimals || size >= 1e-2))
        {
            return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) is var text && text.StartsWith('-')
                ? "−" + text[1..] : text;
        }

        int exponent = (int)Math.Floor(Math.Log10(size) + Slack);
        string mantissa = (size / Math.Pow(10, exponent)).ToString("0.###", CultureInfo.InvariantCulture);
        return (value < 0 ? "−" : "") + (mantissa == "1" ? "" : mantissa + "×") + PowerOfTen(exponent);
    }

    private static string PowerOfTen(double exponent) =>
        "10^{" + exponent.ToString("0", CultureInfo.InvariantCulture).Replace('-', '−') + "}";

    private static IEnumerable<Tick> Linear(double minimum, double maximum, int atMost)
    {
        double step = NiceStep((maximum - minimum) / Math.Max(atMost - 1, 1));
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + Slack));
        double first = Math.Ceiling((minimum / step) - Slack), last = Math.Floor((maximum / step) + Slack);
        for (double i = first; i <= last; i++)
        {
            yield return new Tick(i * step, Label(i == 0 ? 0 : i * step, decimals));
        }
    }

    private static IEnumerable<Tick> Whole(double minimum, double maximum, int atMost)
    {
        double step = Math.Max(1, NiceStep((maximum - minimum) / atMost));
        for (double value = Math.Ceiling(minimum); value <= maximum; value++)
        {
            yield return new Tick(value, value % step == 0 ? Label(value, 0) : null);
        }
    }

    private static IEnumerable<Tick> Logarithmic(double minimum, double maximum, int atMost)
    {
        double first = Math.Ceiling(minimum - Slack), last = Math.Floor(maximum + Slack);
        if (last - first < 2)
        {
            return FewDecades(minimum, maximum, atMost);
        }

        double step = Math.Max(1, NiceStep((last - first) / Math.Max(atMost - 1, 1)));
        bool minor = step == 1 && maximum - minimum <= MostMinorDecades;
        return from i in Enumerable.Range(0, (int)(last - first) + 3)
               let decade = first - 1 + i
               let labelled = decade % step == 0 && decade >= first
               from multiple in Enumerable.Range(1, minor ? 9 : 1)
               where labelled || minor || step <= 10
               select new Tick(decade + Math.Log10(multiple), labelled && multiple == 1 ? PowerOfTen(decade) : null);
    }

    // Fewer than three powers of ten: 1, 2, 5 and, where even those are too few, evenly spaced values.
    private static IEnumerable<Tick> FewDecades(double minimum, double maximum, int atMost)
    {
        double floor = Math.Floor(minimum);
        (double Coordinate, double Multiple, double Exponent)[] round = (
            from decade in Enumerable.Range(0, 3)
            from multiple in new[] { 1.0, 2, 5 }
            let coordinate = floor + decade + Math.Log10(multiple)
            where coordinate >= minimum - Slack && coordinate <= maximum + Slack
            select (coordinate, multiple, floor + decade)).ToArray();
        if (round.Length >= 3 && round.Length <= Math.Max(atMost, 3))
        {
            return round.Select(r => new Tick(r.Coordinate, r.Exponent is >= -3 and <= 3
                ? Label(r.Multiple * Math.Pow(10, r.Exponent), Math.Max(0, -(int)r.Exponent))
                : (r.Multiple == 1 ? "" : Label(r.Multiple, 0) + "×") + PowerOfTen(r.Exponent)));
        }

        // Evenly spaced multiples of 10^floor
        return from tick in Linear(Math.Pow(10, minimum - floor), Math.Pow(10, maximum - floor), atMost)
               let value = tick.Coordinate * Math.Pow(10, floor)
               select new Tick(floor + Math.Log10(tick.Coordinate), floor is >= -2 and <= 3
                   ? value.ToString("0.############", CultureInfo.InvariantCulture)
                   : tick.Label + "×" + PowerOfTen(floor));
    }

    private static double NiceStep(double atLeast)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(atLeast))), ratio = atLeast / power;
        return (ratio <= 1 + Slack ? 1 : ratio <= 2 + Slack ? 2 : ratio <= 5 + Slack ? 5 : 10) * power;
    }
}
