using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>The members that a classifier alone can be compared with: the strength that is not known is the one with the least misfit.</summary>
internal sealed class FittedCandidates(
    MeasuredNetwork network, FamilyDiagnosisOptions options, IProgress<IterationReport>? progress, CancellationToken cancellationToken)
{
    // E_W·E_H of budgets: below, every vector is short; above, geometries are those of the limit.
    private const double SmallestProduct = 1e-2;
    private const double LargestProduct = 1e4;

    // λ_Z over that at which everything is zero.
    private const double Weakest = 1e-8;
    private const double Strongest = 0.98;

    private readonly AutomaticSolver solver = new();
    private GroupedFactors? before;

    /// <summary>The candidates.</summary>
    public IEnumerable<FamilyCandidate> All()
    {
        if (options.Families.HasFlag(ModelFamilies.LayerPeeled))
        {
            yield return new(FamilyCandidates.LayerPeeledName, StrengthSource.Fit, _ => WithinBudgets(FeatureNorm.PerClass));
        }

        if (!options.Families.HasFlag(ModelFamilies.UnconstrainedFeatures))
        {
            yield break;
        }

        if (options.ClassifierDecay is not { } decay)
        {
            if (network.HasBias)
            {
                yield return new(FamilyCandidates.FreeName, StrengthSource.Fit, _ => Free());
            }

            yield return new(FamilyCandidates.UnbiasedName, StrengthSource.Fit, _ => WithinBudgets(FeatureNorm.PerSample));
            yield break;
        }

        if (network.HasBias)
        {
            double bias = options.BiasDecay ?? decay;
            yield return new(FamilyCandidates.NameOf(bias), StrengthSource.WeightDecay, _ => Decayed(decay, bias));
        }

        yield return new(FamilyCandidates.UnbiasedName, StrengthSource.WeightDecay, _ => Decayed(decay, null));
    }

    private LayerPeeledSolution WithinBudgets(FeatureNorm norm)
    {
        double budget = network.ClassifierBudget;
        LayerPeeledModel At(double product) => network.Model(new Budgets(budget, product / budget) { FeatureNorm = norm });
        return Solve(At(Least(SmallestProduct, LargestProduct, product => network.MisfitOf(Solve(At(product))).Total)));
    }

    // The weight decay is that of W; what the features cost is fitted.
    private LayerPeeledSolution Decayed(double decay, double? bias)
    {
        LayerPeeledModel At(double feature) => network.Model(new Penalties(decay, feature) { Bias = bias });
        if (options.FeaturePenalty is { } known)
        {
            return Solve(At(known));
        }

        double complete = PenaltyThresholds.Of(At(1)).Complete, largest = complete * complete / decay;
        return Solve(At(Least(Weakest * Weakest * largest, Strongest * largest, feature => network.MisfitOf(Solve(At(feature))).Total)));
    }

    // Only λ_W·λ_H matters, but for the lengths: W is scaled to its budget.
    private LayerPeeledSolution Free()
    {
        LayerPeeledModel At(double strength, double ratio) => network.Model(new Penalties(strength / ratio, strength * ratio) { Bias = options.BiasDecay ?? 0 });
        double complete = PenaltyThresholds.Of(At(1, 1)).Complete;
        double best = Least(Weakest * complete, Strongest * complete, strength =>
        {
            LayerPeeledSolution solution = Solve(At(strength, 1));
            return network.MisfitOf(solution, Math.Sqrt(Ratio(solution))).Total;
        });
        return Solve(At(best, Ratio(Solve(At(best, 1)))));
    }

    // E_W over that of the optimum.
    private double Ratio(LayerPeeledSolution solution) =>
        solution.Factors.ClassifierNorm2() is > 0 and var norm2 ? network.ClassifierBudget * network.Counts.Length / norm2 : 1;

    private LayerPeeledSolution Solve(LayerPeeledModel model)
    {
        LayerPeeledSolution solution = solver.Solve(model, before, progress, cancellationToken);
        before = solution.Factors is { Program.IsReduced: true } factors && factors.ClassifierNorm2() > 0 ? factors : null;
        return solution;
    }

    private double Least(double low, double high, Func<double, double> misfit)
    {
        // Another member has other programs.
        before = null;
        double found = Math.Exp(LeastMisfit.Find(Math.Log(low), Math.Log(high), Value, cancellationToken));
        before = null;
        return found;

        double Value(double log)
        {
            try
            {
                return misfit(Math.Exp(log));
            }
            catch (ArgumentException)
            {
                // Budgets that let the loss be zero: no model.
                return double.PositiveInfinity;
            }
        }
    }
}
