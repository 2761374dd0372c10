using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>Points of a sweep as a curve over log10 R.</summary>
internal static class RatioCurve
{
    /// <summary>The curve.</summary>
    /// <param name="ratios">R of each point.</param>
    /// <param name="points">The points; the curve is interrupted where one is missing.</param>
    /// <param name="value">The height of each.</param>
    /// <param name="vertex">R_0 and the height the curve is known to have there, or null; drawn where it lies between two points.</param>
    public static (double X, double Y)[] Of(
        IReadOnlyList<double> ratios, IReadOnlyList<StepImbalancePoint?> points, Func<StepImbalancePoint, double> value,
        (double Ratio, double Value)? vertex = null)
    {
        var curve = new List<(double X, double Y)>(ratios.Count + 1);
        for (int i = 0; i < ratios.Count; i++)
        {
            if (i > 0 && vertex is { } kink && ratios[i - 1] < kink.Ratio && kink.Ratio < ratios[i] && points[i - 1] is not null && points[i] is not null)
            {
                curve.Add((Math.Log10(kink.Ratio), kink.Value));
            }

            curve.Add((Math.Log10(ratios[i]), points[i] is { } point ? value(point) : double.NaN));
        }

        return curve.ToArray();
    }
}
