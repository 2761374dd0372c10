using System.Globalization;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>
/// Recomputes feasibility, objective, certificate and geometry of a saved solution from its matrices and its model, and compares them with
/// what it claims. Uses nothing that the solver left behind but the point itself.
/// </summary>
public static class SolutionVerifier
{
    // Rounding of a norm, and what re-association of its sum adds.
    private const double BudgetTolerance = 1e-10;

    // Relative error of an objective: that of the logits (a few units in the last place of up to r) and of the sum.
    private const double ObjectiveTolerance = 1e-10;
    private const double LogitRounding = 1e-15;

    private const double SmallestNormal = 2.2250738585072014e-308;

    // Numbers of the file that follow from each other.
    private const double ConsistencyTolerance = 1e-9;

    // A gap that was at the tolerance when the solve ended may read this much more on another machine. It is not proven then, but no sign of an error.
    private const double GapSlack = 1.01;

    // λ is first order in the error of the point, and may come from a neighbouring one.
    private const double MultiplierTolerance = 1e-3;

    // Cosines of vectors down to 1e-8 of the budget, from other sums.
    private const double GeometryTolerance = 1e-6;
    private const double SmallNorm2 = 1e-12;

    /// <summary>Verifies a saved solution.</summary>
    /// <param name="saved">The solution as read.</param>
    public static SolutionVerification Verify(SavedSolution saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        GroupedFactors point = saved.Point();
        DualityCertificate certificate = saved.Certify();
        var claims = new ScaledClaims(saved, certificate);
        var checks = new List<VerificationCheck>
        {
            Budget("classifier budget", "(1/K)·‖W‖²", point.ClassifierNorm2(), saved.Model.ClassifierBudget, saved.Model.ClassCount),
            Budget("feature budget", "(1/K)·‖H‖²", point.FeatureNorm2(), saved.Model.FeatureBudget, saved.Model.ClassCount),
            Dimension(point),
            Objective(saved, claims, certificate),
            LowerBound(saved, claims, certificate),
            UpperBound(saved, claims, certificate),
            Gap(saved, claims),
            Status(saved, certificate),
            Multiplier(saved, claims, certificate),
            Geometry(saved, point),
        };
        return new SolutionVerification
        {
            Saved = saved,
            Certificate = certificate,
            Checks = checks,
            Certified = saved.Status == SolverStatus.Optimal && checks.TrueForAll(check => check.Outcome == VerificationOutcome.Holds),
        };
    }

    private static VerificationCheck Budget(string name, string symbol, double norm2, double budget, int classes)
    {
        double used = norm2 / classes;
        return Check(name, used <= budget * (1 + BudgetTolerance), $"{symbol} = {Text(used)}, allowed {Text(budget)}");
    }

    private static VerificationCheck Dimension(GroupedFactors point)
    {
        // Common coordinates, and K_g − 1 of its own for each group that is spread out.
        long needed = point.Rank;
        for (int g = 0; g < point.Program.GroupCount; g++)
        {
            needed += point.Program.Sizes[g] > 1 && (point.ClassifierSpread[g] != 0 || point.FeatureSpread[g] != 0) ? (long)point.Program.Sizes[g] - 1 : 0;
        }

        int dimension = point.Program.Model.FeatureDimension;
        return Check("feature dimension", needed <= dimension, $"the point has {needed} dimensions, p = {dimension}");
    }

    private static VerificationCheck Objective(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate)
    {
        double tolerance = ObjectiveTolerance + (LogitRounding * saved.Model.Radius);
        bool agree = double.IsNaN(saved.Log10Objective) || Agree(saved.Objective, Math.Pow(10, saved.Log10Objective), ConsistencyTolerance)
            || Math.Max(saved.Objective, Math.Pow(10, saved.Log10Objective)) < SmallestNormal;
        return Check("objective", agree && Agree(claims.Objective, claims.FoundObjective, tolerance),
            $"claimed {Text(saved.Objective, saved.Log10Objective)}, recomputed {Text(certificate.PrimalValue, certificate.Log10PrimalValue)}");
    }

    private static VerificationCheck LowerBound(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate)
    {
        string detail = $"claimed {Text(saved.LowerBound, saved.Log10LowerBound)}, recomputed {Text(certificate.LowerBound, certificate.Log10LowerBound)}";
        // In logarithms nothing is known to the last digit.
        double slack = claims.LogUnit == 0 ? 0 : claims.Rounding * Math.Abs(claims.FoundLowerBound);
        return !(claims.LowerBound <= claims.UpperBound) || !(claims.LowerBound <= claims.FoundUpperBound)
            ? new VerificationCheck("lower bound", VerificationOutcome.Fails, detail + "; it exceeds the objective")
            : claims.LowerBound <= claims.FoundLowerBound + slack && certificate.IsProof
                ? new VerificationCheck("lower bound", VerificationOutcome.Holds, detail)
                : new VerificationCheck("lower bound", VerificationOutcome.Unconfirmed, detail + "; the point alone does not prove the claimed one");
    }

    // Files of earlier versions make no claim of it.
    private static VerificationCheck UpperBound(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate)
    {
        double tolerance = ObjectiveTolerance + (LogitRounding * saved.Model.Radius), slack = claims.LogUnit == 0 ? 0 : claims.Rounding * claims.FoundUpperBound;
        string detail = $"claimed {Text(saved.ObjectiveUpperBound, saved.Log10ObjectiveUpperBound)}, recomputed "
            + Text(certificate.PrimalUpperBound, certificate.Log10PrimalUpperBound);
        bool isClaimed = !double.IsNaN(saved.ObjectiveUpperBound);
        return isClaimed && !(claims.UpperBound >= claims.Objective && Agree(claims.UpperBound, claims.FoundUpperBound, tolerance))
            ? new VerificationCheck("upper bound", VerificationOutcome.Fails, detail + "; it is not one of the objective")
            : !isClaimed || (claims.UpperBound + slack >= claims.FoundUpperBound && certificate.IsProof)
                ? new VerificationCheck("upper bound", VerificationOutcome.Holds, detail)
                : new VerificationCheck("upper bound", VerificationOutcome.Unconfirmed, detail + "; the point does not prove the claimed one");
    }

    private static VerificationCheck Gap(SavedSolution saved, ScaledClaims claims)
    {
        double scale = Math.Max(Math.Abs(claims.UpperBound), Math.Abs(claims.LowerBound)), difference = claims.UpperBound - claims.LowerBound;
        double relative = claims.AbsoluteGap == 0 ? 0 : claims.AbsoluteGap / scale;
        bool holds = claims.AbsoluteGap >= 0
            && Math.Abs(difference - claims.AbsoluteGap) <= claims.Rounding * scale
            && (Agree(saved.RelativeGap, relative, ConsistencyTolerance) || (saved.Status == SolverStatus.NumericalError && double.IsNaN(saved.RelativeGap)));
        return Check("gap", holds, $"claimed {Text(saved.AbsoluteGap, saved.Log10AbsoluteGap)} absolute, {Text(saved.RelativeGap)} relative; " +
            $"the bounds claimed are {Text(difference)} apart{(claims.LogUnit == 0 ? "" : $", in units of e^{Text(claims.LogUnit)}")}");
    }

    private static VerificationCheck Status(SavedSolution saved, DualityCertificate certificate)
    {
        string detail = $"claimed {saved.Status}, relative gap {Text(saved.RelativeGap)} claimed and {Text(certificate.RelativeGap)} recomputed, " +
            $"tolerance {Text(saved.GapTolerance)}";
        bool isOptimal = saved.Status == SolverStatus.Optimal, holds = isOptimal
            ? saved.GapTolerance is >= 0 and <= 1 && saved.RelativeGap <= saved.GapTolerance && certificate.Closes(saved.GapTolerance * GapSlack)
            : saved.RelativeGap > saved.GapTolerance || double.IsNaN(saved.RelativeGap);
        return holds && isOptimal && !(certificate.Closes(saved.GapTolerance) && certificate.IsProof)
            ? new VerificationCheck("status", VerificationOutcome.Unconfirmed, detail + "; the point alone does not prove it")
            : Check("status", holds, detail);
    }

    private static VerificationCheck Multiplier(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate)
    {
        // The gap bounds the error of the point by its square root, and λ moves with the point.
        double tolerance = MultiplierTolerance + Math.Sqrt(Math.Max(certificate.RelativeGap, 0));
        double critical = claims.Multiplier * saved.Model.EffectiveTotal;
        double below = saved.Groups.Where(group => group.Count * group.LossWeight <= saved.CriticalClassSize).Sum(group => (double)group.Classes);
        bool holds = Agree(claims.CriticalClassSize, critical, ConsistencyTolerance) && below == saved.ClassesBelowCriticalSize
            && saved.Groups.All(group => group.Collapsed == (group.Count * group.LossWeight <= saved.CriticalClassSize))
            && (saved.Status != SolverStatus.Optimal || Agree(claims.Multiplier, claims.FoundMultiplier, tolerance));
        return Check("multiplier", holds,
            $"λ claimed {Text(saved.Multiplier, saved.Log10Multiplier)}, recomputed {Text(certificate.Multiplier, certificate.Log10Multiplier)}; " +
            $"critical class size claimed {Text(saved.CriticalClassSize, saved.Log10CriticalClassSize)}, " +
            $"{saved.ClassesBelowCriticalSize} classes below it claimed, {Text(below)} counted");
    }

    private static VerificationCheck Geometry(SavedSolution saved, GroupedFactors point)
    {
        var geometry = new ClassGeometry(point, saved.Multiplier);
        LayerPeeledModel model = saved.Model;
        string? wrong = null;
        for (int g = 0; g < model.Groups.Count && wrong is null; g++)
        {
            GroupGeometry claimed = saved.Groups[g], found = geometry.Groups[g];
            double classifierNorm2 = found.ClassifierNorm2 / model.ClassifierBudget, featureNorm2 = found.FeatureNorm2 / model.FeatureBudget;
            wrong = Norm($"groups[{g}].classifierNorm2", claimed.ClassifierNorm2, found.ClassifierNorm2, model.ClassifierBudget)
                ?? Norm($"groups[{g}].featureNorm2", claimed.FeatureNorm2, found.FeatureNorm2, model.FeatureBudget)
                ?? Cosine($"groups[{g}].classifierCosine", claimed.ClassifierCosine, found.ClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].featureCosine", claimed.FeatureCosine, found.FeatureCosine, featureNorm2)
                ?? Cosine($"groups[{g}].leastClassifierCosine", claimed.LeastClassifierCosine, found.LeastClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].largestClassifierCosine", claimed.LargestClassifierCosine, found.LargestClassifierCosine, classifierNorm2)
                ?? Cosine($"groups[{g}].leastFeatureCosine", claimed.LeastFeatureCosine, found.LeastFeatureCosine, featureNorm2)
                ?? Cosine($"groups[{g}].largestFeatureCosine", claimed.LargestFeatureCosine, found.LargestFeatureCosine, featureNorm2);
        }

        wrong ??= Cosines("classifierCosines", saved.ClassifierCosines, geometry.ClassifierCosines, g => geometry.Groups[g].ClassifierNorm2 / model.ClassifierBudget)
            ?? Cosines("featureCosines", saved.FeatureCosines, geometry.FeatureCosines, g => geometry.Groups[g].FeatureNorm2 / model.FeatureBudget);
        return Check("norms and cosines", wrong is null, wrong ?? "as claimed");
    }

    private static string? Norm(string name, double claimed, double found, double budget) =>
        Math.Abs(claimed - found) <= ConsistencyTolerance * Math.Max(budget, found) ? null : $"{name} claimed {Text(claimed)}, recomputed {Text(found)}";

    private static string? Cosines(string name, Matrix<double>? claimed, Matrix<double> found, Func<int, double> norm2)
    {
        for (int i = 0; claimed is not null && i < found.RowCount; i++)
        {
            for (int j = 0; j < found.ColumnCount; j++)
            {
                if (Cosine($"{name}[{i}][{j}]", claimed[i, j], found[i, j], Math.Min(norm2(i), norm2(j))) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    // Directions of vectors next to zero are rounding, and whether they count as zero may differ.
    private static string? Cosine(string name, double claimed, double found, double norm2) =>
        norm2 < SmallNorm2 || (double.IsNaN(claimed) && double.IsNaN(found)) || Math.Abs(claimed - found) <= GeometryTolerance
            ? null : $"{name} claimed {Text(claimed)}, recomputed {Text(found)}";

    private static VerificationCheck Check(string name, bool holds, string detail) =>
        new(name, holds ? VerificationOutcome.Holds : VerificationOutcome.Fails, detail);

    private static bool Agree(double x, double y, double tolerance) =>
        Math.Abs(x - y) <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y)) || (double.IsNaN(x) && double.IsNaN(y));

    private static string Text(double value, double log10) => value == 0 && double.IsFinite(log10) ? $"10^{Text(log10)}" : Text(value);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
