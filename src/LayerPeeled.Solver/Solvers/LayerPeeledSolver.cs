using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Solvers;

/// <summary>The short way to a certified solution.</summary>
public static class LayerPeeledSolver
{
    /// <summary>Solves a model with the automatic method and its default options.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    public static LayerPeeledSolution Solve(LayerPeeledModel model, CancellationToken cancellationToken = default) =>
        new AutomaticSolver().Solve(model, null, cancellationToken);
}
