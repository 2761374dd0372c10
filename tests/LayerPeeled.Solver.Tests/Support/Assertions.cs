using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Tests.Support;

internal static class Assertions
{
    /// <summary>Relative error, |actual − expected| ≤ tolerance·|expected|.</summary>
    public static void Near(double expected, double actual, double tolerance, string what = "value") =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), FormattableString.Invariant(
            $"{what}: expected {expected:r}, got {actual:r}, relative error {Math.Abs(actual - expected) / Math.Abs(expected):g3} > {tolerance:g3}"));

    /// <summary>Absolute error, |actual − expected| ≤ tolerance.</summary>
    public static void Within(double expected, double actual, double tolerance, string what = "value") =>
        Assert.True(Math.Abs(actual - expected) <= tolerance, FormattableString.Invariant(
            $"{what}: expected {expected:r}, got {actual:r}, error {Math.Abs(actual - expected):g3} > {tolerance:g3}"));

    /// <summary>Status first, then certificate, then values.</summary>
    public static void MatchesReference(ReferenceCase expected, LayerPeeledSolution solution, double objectiveTolerance, double geometryTolerance)
    {
        Assert.True(SolverStatus.Optimal == solution.Status, $"{solution.Status}, relative gap {solution.Certificate.RelativeGap:g3} after {solution.Iterations} iterations");
        Assert.True(solution.Certificate.RelativeGap <= solution.RelativeGapTolerance);
        // No tolerance: rounding the optimum to a double does not change the order of it and a double.
        Assert.True(solution.Certificate.LowerBound <= expected.Objective);
        Near(expected.Objective, solution.Objective, objectiveTolerance, "objective");
        Side(expected.Classifier, solution.Groups.Select(g => g.ClassifierNorm2).ToArray(), solution.ClassifierCosines, expected.ClassifierBudget, geometryTolerance, "W");
        Side(expected.Feature, solution.Groups.Select(g => g.FeatureNorm2).ToArray(), solution.FeatureCosines, expected.FeatureBudget, geometryTolerance, "H");
        Assert.Equal(expected.Collapsed, solution.Groups[1].Collapsed);
    }

    private static void Side(
        ReferenceSide expected, double[] norm2, MathNet.Numerics.LinearAlgebra.Matrix<double> cosines, double budget, double tolerance, string side)
    {
        Within(expected.Norm2A, norm2[0], tolerance * budget, side + " norm² A");
        Within(expected.Norm2B, norm2[1], tolerance * budget, side + " norm² B");
        Within(expected.CosAA, cosines[0, 0], tolerance, side + " cos AA");
        if (expected.Norm2B < 1e-20)
        {
            // The minority vectors vanish: they have no angle.
            Assert.True(double.IsNaN(cosines[1, 1]) && double.IsNaN(cosines[0, 1]), side + ": a vanishing vector has no cosine");
            return;
        }

        Within(expected.CosBB, cosines[1, 1], tolerance, side + " cos BB");
        Within(expected.CosAB, cosines[0, 1], tolerance, side + " cos AB");
    }
}
