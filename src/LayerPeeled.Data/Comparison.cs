using System.Globalization;

namespace LayerPeeled.Data;

/// <summary>What checks are made of.</summary>
internal static class Comparison
{
    public static VerificationCheck Check(string name, bool holds, string detail) =>
        new(name, holds ? VerificationOutcome.Holds : VerificationOutcome.Fails, detail);

    public static bool Agree(double x, double y, double tolerance) =>
        Math.Abs(x - y) <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y)) || (double.IsNaN(x) && double.IsNaN(y));

    public static string Text(double value, double log10) => value == 0 && double.IsFinite(log10) ? $"10^{Text(log10)}" : Text(value);

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
