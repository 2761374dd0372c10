namespace LayerPeeled.Solver.Solvers.FrankWolfe;

/// <summary>Options of <see cref="FrankWolfeSolver"/>. The tolerance on the relative gap is 1e-8 by default.</summary>
public sealed record FrankWolfeOptions : SolverOptions
{
    private readonly int correctiveSteps = 30;

    /// <summary>The defaults.</summary>
    public FrankWolfeOptions() => RelativeGapTolerance = 1e-8;

    /// <summary>
    /// After each new atom, at most so many accelerated gradient steps within the singular subspaces found so far. 0 gives the plain method,
    /// whose gap falls like 1/iteration and reaches 1e-2 or 1e-3, not 1e-6, in practice.
    /// </summary>
    public int CorrectiveSteps
    {
        get => correctiveSteps;
        init => correctiveSteps = OptionValidation.AtLeast(value, 0, nameof(CorrectiveSteps));
    }
}
