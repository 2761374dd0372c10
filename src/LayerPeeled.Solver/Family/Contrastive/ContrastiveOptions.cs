using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// Options of <see cref="ContrastiveSolver"/>. The gap is a share of the excess of the loss over its floor, and the certificate at the end comes after the time limit. Traces, geometry errors, seeds and
/// memory budgets are not among what it does.
/// </summary>
public sealed record ContrastiveOptions : SolverOptions
{
    /// <summary>Whether every class stands alone, at K³ the cost of an iteration, instead of groups of equal classes.</summary>
    public bool ClassByClass { get; init; }
}
