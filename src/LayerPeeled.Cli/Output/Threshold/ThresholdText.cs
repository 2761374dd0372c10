using System.Globalization;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Threshold;

/// <summary>R_0 for people.</summary>
internal static class ThresholdText
{
    /// <summary>Seven digits; as a power of ten where it exceeds the range of a double.</summary>
    public static string Of(MinorityCollapseThreshold threshold) => threshold.ExceedsDoubleRange
        ? "10^" + (threshold.LogRatio / Math.Log(10)).ToString("G7", CultureInfo.InvariantCulture)
        : threshold.Ratio < 1e6
            ? threshold.Ratio.ToString("G7", CultureInfo.InvariantCulture)
            : threshold.Ratio.ToString("0.####e+0", CultureInfo.InvariantCulture);
}
