using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>The members that a network with features can be compared with, given what is known of it.</summary>
internal sealed class FamilyCandidates(
    MeasuredNetwork network, FamilyDiagnosisOptions options, IProgress<IterationReport>? progress, CancellationToken cancellationToken)
{
    public const string LayerPeeledName = "lpm";
    public const string UnbiasedName = "ufm";
    public const string DecayedName = "ufm, bias decayed";
    public const string FreeName = "ufm, bias free";

    private readonly AutomaticSolver solver = new();

    /// <summary>The candidates.</summary>
    public IEnumerable<FamilyCandidate> All()
    {
        if (options.Families.HasFlag(ModelFamilies.LayerPeeled))
        {
            yield return new(LayerPeeledName, StrengthSource.Budgets, variation => WithinBudgets(FeatureNorm.PerClass, variation));
        }

        if (!options.Families.HasFlag(ModelFamilies.UnconstrainedFeatures))
        {
            yield break;
        }

        // What is known first: the weight decay, then the bias.
        double? known = options.BiasDecay ?? options.ClassifierDecay;
        if (options.ClassifierDecay is { } decay)
        {
            if (network.HasBias)
            {
                yield return new(NameOf(known!.Value), StrengthSource.WeightDecay, variation => Decayed(decay, known, variation));
            }

            yield return new(UnbiasedName, StrengthSource.WeightDecay, variation => Decayed(decay, null, variation));
        }

        if (network.HasBias && known is { } bias)
        {
            yield return new(NameOf(bias), StrengthSource.Budgets, variation => Matched(_ => bias, variation));
        }
        else if (network.HasBias)
        {
            yield return new(DecayedName, StrengthSource.Budgets, variation => Matched(penalty => penalty, variation));
            yield return new(FreeName, StrengthSource.Budgets, variation => Matched(_ => 0, variation));
        }

        yield return new(UnbiasedName, StrengthSource.Budgets, variation => WithinBudgets(FeatureNorm.PerSample, variation));
    }

    /// <summary>The name of the member with a bias.</summary>
    public static string NameOf(double biasDecay) => biasDecay == 0 ? FreeName : DecayedName;

    // λ_H/λ_W = ‖W‖²/Σ‖h‖², which every optimum satisfies.
    private double Ratio(bool variation) =>
        network.Counts.Length * network.ClassifierBudget / (network.Counts.Sum() * network.FeatureBudget(FeatureNorm.PerSample, variation));

    private LayerPeeledSolution WithinBudgets(FeatureNorm norm, bool variation) =>
        Solve(new Budgets(network.ClassifierBudget, network.FeatureBudget(norm, variation)) { FeatureNorm = norm });

    private LayerPeeledSolution Decayed(double decay, double? bias, bool variation) =>
        Solve(new Penalties(decay, options.FeaturePenalty ?? (decay * Ratio(variation))) { Bias = bias });

    private LayerPeeledSolution Matched(Func<double, double> bias, bool variation)
    {
        double ratio = Ratio(variation);
        Penalties At(double penalty) => new(penalty, penalty * ratio) { Bias = bias(penalty) };
        // Refuses what no penalty allows, before anything is solved.
        _ = network.Model(At(1));

        // Without a bias the same budgets have penalties of about the same size.
        double start = RegulariserMap.ToPenalties(WithinBudgets(FeatureNorm.PerSample, variation)).Classifier;
        return new PenaltyMatch(penalty => network.Model(At(penalty)), network.ClassifierBudget, progress, cancellationToken).Solve(start);
    }

    private LayerPeeledSolution Solve(Regulariser regulariser) => solver.Solve(network.Model(regulariser), progress, cancellationToken);
}
