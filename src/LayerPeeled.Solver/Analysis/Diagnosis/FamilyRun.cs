using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>Solves candidates and ranks them.</summary>
internal sealed class FamilyRun(MeasuredNetwork network, CancellationToken cancellationToken)
{
    private readonly List<string> notes = [];

    /// <summary>Refuses options that contradict each other.</summary>
    public static void Require(FamilyDiagnosisOptions options, bool hasBias)
    {
        if (options.BiasDecay is { } bias && !hasBias)
        {
            throw new ArgumentException($"A weight decay of {bias} for the bias has no meaning for a network without one.", nameof(options));
        }

        if (options.FeaturePenalty is { } feature && options.ClassifierDecay is null)
        {
            throw new ArgumentException($"A penalty of {feature} on features needs the weight decay of the classifiers beside it.", nameof(options));
        }
    }

    /// <summary>The comparison.</summary>
    public FamilyDiagnosis Compare(IEnumerable<FamilyCandidate> candidates)
    {
        RequireBudgets();
        GeometryMisfit simplexEtf = network.MisfitOfSimplexEtf();
        var members = new List<(FamilyMember Member, FamilyCandidate Candidate)>();
        foreach (FamilyCandidate candidate in candidates)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                notes.Add($"{Title(candidate)} was left out: the comparison was stopped.");
            }
            else if (Solved(candidate) is { } solution)
            {
                members.Add((Member(candidate, solution, simplexEtf), candidate));
            }
        }

        return new FamilyDiagnosis(members.Select(m => m.Member), simplexEtf, members.Count == 0 ? null : WithoutVariation(members.MinBy(m => m.Member.Misfit.Total)), notes);
    }

    private FamilyMember Member(FamilyCandidate candidate, LayerPeeledSolution solution, GeometryMisfit simplexEtf)
    {
        GeometryMisfit misfit = network.MisfitOf(solution);
        double share = misfit.Total / simplexEtf.Total;
        if (solution.Status != SolverStatus.Optimal)
        {
            notes.Add(FormattableString.Invariant(
                $"The optimum of {Title(candidate)} is not certified: {solution.Status}, relative gap {solution.Certificate.RelativeGap:g2}."));
        }

        return new FamilyMember
        {
            Name = candidate.Name,
            Source = candidate.Source,
            Solution = solution,
            Misfit = misfit,
            Goodness = simplexEtf.Total > 0 ? 1 - (share * share) : double.NaN,
        };
    }

    private GeometryMisfit? WithoutVariation((FamilyMember Member, FamilyCandidate Candidate) best)
    {
        if (!network.HasFeatures || cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        if (!network.HasVariation)
        {
            return best.Member.Misfit;
        }

        try
        {
            return network.MisfitOf(best.Candidate.Solve(false), withNoise: true);
        }
        catch (ArgumentException)
        {
            // The variation is all there is: without it there is no budget.
            return null;
        }
    }

    private LayerPeeledSolution? Solved(FamilyCandidate candidate)
    {
        try
        {
            return candidate.Solve(true);
        }
        catch (ArgumentException error)
        {
            string message = error.ParamName is null ? error.Message : error.Message[..error.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal)];
            notes.Add($"{Title(candidate)} was left out: {message}");
            return null;
        }
    }

    private void RequireBudgets()
    {
        double features = network.HasFeatures ? network.FeatureBudget(Model.FeatureNorm.PerClass, withVariation: true) : 1;
        if (!(network.ClassifierBudget > 0) || !(features > 0))
        {
            throw new ArgumentException($"The measured budgets are E_W = {network.ClassifierBudget} and E_H = {features}; both must be positive.", nameof(network));
        }
    }

    private static string Title(FamilyCandidate candidate) => FamilyMember.TitleOf(candidate.Name, candidate.Source);
}
