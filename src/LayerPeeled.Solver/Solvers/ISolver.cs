using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Solvers;

/// <summary>A method that solves the Layer-Peeled Model. Implementations hold options only and are thread-safe.</summary>
public interface ISolver
{
    /// <summary>Name of the method, as in results and on the command line (for example <c>reduced</c>).</summary>
    string Name { get; }

    /// <summary>Solves a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <returns>The best feasible point found, whatever the status.</returns>
    LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default);
}
