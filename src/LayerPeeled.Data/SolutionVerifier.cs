using System.Numerics.Tensors;
using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using static LayerPeeled.Data.Comparison;

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

    /// <summary>Verifies a saved solution.</summary>
    /// <param name="saved">The solution as read.</param>
    /// <exception cref="SolutionFormatException">The matrices are no point of the model: their product is beyond the range of numbers.</exception>
    public static SolutionVerification Verify(SavedSolution saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (GroupedFactors point, DualityCertificate certificate) = Certified(saved);
        var claims = new ScaledClaims(saved, certificate);
        var geometry = new GeometryChecks(saved, point);
        double tolerance = ObjectiveTolerance + (LogitRounding * LargestLogit(point));
        List<VerificationCheck> checks =
        [
            .. Budgets(point),
            Dimension(point),
            Objective(saved, claims, certificate, tolerance),
            .. Loss(saved, point, certificate, tolerance),
            LowerBound(saved, claims, certificate),
            UpperBound(saved, claims, certificate, tolerance),
            Gap(saved, claims),
            Status(saved, certificate),
            Multiplier(saved, claims, certificate, point),
            geometry.NormsAndCosines(),
        ];
        if (geometry.Biases() is { } biases)
        {
            checks.Add(biases);
        }

        return new SolutionVerification
        {
            Saved = saved,
            Certificate = certificate,
            Checks = checks,
            Certified = saved.Status == SolverStatus.Optimal && checks.TrueForAll(check => check.Outcome == VerificationOutcome.Holds),
        };
    }

    private static (GroupedFactors Point, DualityCertificate Certificate) Certified(SavedSolution saved)
    {
        try
        {
            return (saved.Point(), saved.Certify());
        }
        catch (ArgumentException error)
        {
            throw new SolutionFormatException($"The field matrices is no point that could be verified: {Shown.Argument(error)}", error);
        }
    }

    // Penalties allow everything.
    private static IEnumerable<VerificationCheck> Budgets(GroupedFactors point)
    {
        LayerPeeledModel model = point.Program.Model;
        if (model.Regulariser is Budgets budgets)
        {
            string feature = budgets.FeatureNorm == FeatureNorm.PerSample ? "(1/N)·Σ n·‖h‖²" : "(1/K)·‖H‖²";
            yield return Budget("classifier budget", "(1/K)·‖W‖²", point.ClassifierNorm2() / model.ClassCount, budgets.Classifier);
            yield return Budget("feature budget", feature, point.FeatureNorm2() / model.ClassCount, budgets.Feature);
        }
    }

    private static VerificationCheck Budget(string name, string symbol, double used, double budget) =>
        Check(name, used <= budget * (1 + BudgetTolerance), $"{symbol} = {Text(used)}, allowed {Text(budget)}");

    // What no logit exceeds: with budgets r, which bounds the nuclear norm of W·H̄; with penalties, which bound it by objective/λ, what the point has. Both are
    // of scaled features, and without the bias.
    private static double LargestLogit(GroupedFactors point)
    {
        NuclearNormProgram program = point.Program;
        double norm = program.Model.Regulariser is Budgets ? program.Radius : point.NuclearNormBound();
        return (norm / TensorPrimitives.Min(program.FeatureRoots)) + (point.Bias.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(point.Bias)));
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

    private static VerificationCheck Objective(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate, double tolerance)
    {
        bool agree = double.IsNaN(saved.Log10Objective) || Agree(saved.Objective, Math.Pow(10, saved.Log10Objective), ConsistencyTolerance)
            || Math.Max(saved.Objective, Math.Pow(10, saved.Log10Objective)) < SmallestNormal;
        return Check("objective", agree && Agree(claims.Objective, claims.FoundObjective, tolerance),
            $"claimed {Text(saved.Objective, saved.Log10Objective)}, recomputed {Text(certificate.PrimalValue, certificate.Log10PrimalValue)}");
    }

    private static IEnumerable<VerificationCheck> Loss(SavedSolution saved, GroupedFactors point, DualityCertificate certificate, double tolerance)
    {
        if (saved.Model.Regulariser is Penalties)
        {
            double loss = point.Loss(), penalty = point.Penalty();
            double allowed = tolerance * Math.Abs(certificate.PrimalValue);
            yield return Check("loss", Math.Abs(saved.MeanLoss - loss) <= allowed && Math.Abs(saved.Objective - loss - penalty) <= allowed,
                $"claimed {Text(saved.MeanLoss)}, recomputed {Text(loss)}; the penalties add {Text(penalty)}");
        }
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
    private static VerificationCheck UpperBound(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate, double tolerance)
    {
        double slack = claims.LogUnit == 0 ? 0 : claims.Rounding * claims.FoundUpperBound;
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

    private static VerificationCheck Multiplier(SavedSolution saved, ScaledClaims claims, DualityCertificate certificate, GroupedFactors point)
    {
        LayerPeeledModel model = saved.Model;
        bool isGiven = model.Regulariser is Penalties;
        // The gap bounds the error of the point by its square root, and λ moves with the point; unless penalties say what it is.
        double tolerance = isGiven ? ConsistencyTolerance : MultiplierTolerance + Math.Sqrt(Math.Max(certificate.RelativeGap, 0));
        double[] sizes = Enumerable.Range(0, model.Groups.Count).Select(g => CollapseLaw.SizeOf(model, g)).ToArray();
        // Where the law depends on the point, the point says it.
        bool[] below = Array.Exists(sizes, double.IsNaN) ? new ClassGeometry(point, saved.Multiplier).Groups.Select(group => group.Collapsed).ToArray()
            : Array.ConvertAll(sizes, size => CollapseLaw.IsBelow(size, saved.CriticalClassSize));
        double counted = model.Groups.Where((_, g) => below[g]).Sum(group => (double)group.Classes);
        bool holds = Agree(claims.CriticalClassSize, CollapseLaw.CriticalSize(model, claims.Multiplier), ConsistencyTolerance) && counted == saved.ClassesBelowCriticalSize
            && saved.Groups.Select(group => group.Collapsed).SequenceEqual(below)
            && ((saved.Status != SolverStatus.Optimal && !isGiven) || Agree(claims.Multiplier, claims.FoundMultiplier, tolerance));
        return Check("multiplier", holds,
            $"λ claimed {Text(saved.Multiplier, saved.Log10Multiplier)}, recomputed {Text(certificate.Multiplier, certificate.Log10Multiplier)}; " +
            $"critical class size claimed {Text(saved.CriticalClassSize, saved.Log10CriticalClassSize)}, " +
            $"{saved.ClassesBelowCriticalSize} classes below it claimed, {Text(counted)} counted");
    }
}
