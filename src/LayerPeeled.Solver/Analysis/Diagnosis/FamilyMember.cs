using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>A member of the family, set up with what is known of a network, and how well its optimum fits. Immutable.</summary>
public sealed record FamilyMember
{
    internal FamilyMember()
    {
    }

    /// <summary>lpm or ufm, and which bias: "lpm", "ufm", "ufm, bias decayed", "ufm, bias free".</summary>
    public required string Name { get; init; }

    /// <summary>Where its budgets or penalties come from.</summary>
    public required StrengthSource Source { get; init; }

    /// <summary>Its optimum, certified if the status is optimal.</summary>
    public required LayerPeeledSolution Solution { get; init; }

    /// <summary>How far the network is from it.</summary>
    public required GeometryMisfit Misfit { get; init; }

    /// <summary>
    /// Goodness of fit, 1 − (misfit/misfit of the simplex ETF)²: 1 for a network at the optimum, 0 for an optimum that is no nearer than a simplex ETF of the measured
    /// budgets, negative for one further away. NaN where the simplex ETF fits exactly.
    /// </summary>
    public required double Goodness { get; init; }

    /// <summary>Its name, and where its strength comes from.</summary>
    public string Title => TitleOf(Name, Source);

    /// <summary>The model.</summary>
    public LayerPeeledModel Model => Solution.Model;

    internal static string TitleOf(string name, StrengthSource source) => $"{name} ({source switch
    {
        StrengthSource.WeightDecay => "weight decay",
        StrengthSource.Fit => "fitted",
        _ => "measured budgets",
    }})";
}
