using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli;

/// <summary>A method the command line offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsGrouped">Whether it holds equal classes together; otherwise its matrices have a row and a column a class.</param>
/// <param name="Defaults">Its default options.</param>
/// <param name="Create">The solver for options derived from the default ones.</param>
internal sealed record MethodEntry(string Name, bool IsGrouped, SolverOptions Defaults, Func<SolverOptions, ISolver> Create)
{
    /// <summary>A K×K matrix of more classes than this is longer than an array can be.</summary>
    private const int LargestClassCount = 46_340;

    /// <summary>Most classes the method can take.</summary>
    public int MaximumClasses => IsGrouped ? int.MaxValue : LargestClassCount;
}
