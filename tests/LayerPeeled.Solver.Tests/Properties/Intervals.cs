using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>
/// What certificates say of optima: each lies between the two bounds of its certificate. So one optimum is not above another if its lower bound is not above the upper bound of the
/// other, whatever the methods reached.
/// </summary>
internal static class Intervals
{
    // Of bounds whose roundings are estimated only
    private const double Roundoff = 1e-12;

    // On the way to a loss below the range of double, which the loss knows no unit for
    private const double WithoutUnits = 1e-100;

    /// <summary>The two optima can be the same.</summary>
    public static void Meet(DualityCertificate first, DualityCertificate second, double tolerance = 0)
    {
        NotAbove(first, second, tolerance);
        NotAbove(second, first, tolerance);
    }

    /// <summary>The first optimum can be at most the second.</summary>
    public static void NotAbove(DualityCertificate first, DualityCertificate second, double tolerance = 0)
    {
        double allowed = tolerance + (first.IsProof && second.IsProof ? 0 : Roundoff);
        Assert.True(first.LowerBound <= second.PrimalUpperBound + (allowed * Math.Abs(second.PrimalUpperBound)), FormattableString.Invariant(
            $"lower bound {first.LowerBound:R} (gap {first.RelativeGap:g3}) above {second.PrimalUpperBound:R} (gap {second.RelativeGap:g3})"));
    }

    /// <summary>Optimal is said exactly where the gap is closed, and no bound is above the value it bounds.</summary>
    public static void AreHonest(LayerPeeledSolution solution)
    {
        DualityCertificate certificate = solution.Certificate;
        Assert.True(certificate.AbsoluteGap >= 0, $"gap {certificate.AbsoluteGap}");
        Assert.Null(certificate.Contradiction);
        Assert.True(double.IsFinite(solution.Objective), $"objective {solution.Objective}");
        NotAbove(certificate, certificate);
        Assert.Equal(solution.Status == SolverStatus.Optimal, certificate.RelativeGap <= solution.RelativeGapTolerance);
        Assert.True(solution.Status != SolverStatus.NumericalError || certificate.PrimalUpperBound < WithoutUnits, $"{solution.Method}: {solution.Status}, {solution.Reason}");
    }
}
