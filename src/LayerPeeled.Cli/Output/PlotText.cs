namespace LayerPeeled.Cli.Output;

/// <summary>The words of the figures, in the markup of <see cref="Plotting.MarkedText"/>.</summary>
internal static class PlotText
{
    public const string Ratio = "imbalance ratio *R*";
    public const string BudgetProduct = "budget product *E*_{W}*E*_{H}";
    public const string Threshold = "*R*_{0}";

    /// <summary>Below curves of cosines that have an end.</summary>
    public const string VanishingNote = "Curves end where vectors vanish: the cosine with a vector of norm 0 does not exist.";

    /// <summary>A number in running text.</summary>
    public static string Number(double value) => Plotting.TickLocator.Label(value, 0) is var whole && value == Math.Round(value) ? whole
        : Sheet.Short(value).Replace('-', '−');

    /// <summary>A number as a power of ten where it is one.</summary>
    public static string Power(double value) => Math.Log10(value) is var exponent && exponent == Math.Round(exponent)
        ? "10^{" + Plotting.TickLocator.Label(exponent, 0) + "}" : Number(value);

    /// <summary>R_0, or the power of ten that is too large for a double.</summary>
    public static string ThresholdValue(Solver.Analysis.MinorityCollapseThreshold threshold) => threshold.Ratio < 1e5
        ? Plotting.TickLocator.Label(threshold.Ratio, threshold.Ratio < 100 ? 2 : 1)
        : !threshold.ExceedsDoubleRange ? Plotting.TickLocator.Label(threshold.Ratio, 0)
        : "10^{" + Plotting.TickLocator.Label(threshold.LogRatio / Math.Log(10), 1) + "}";
}
