using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Family.DeepFeatures;

/// <summary>
/// A global lower bound for several layers, which is rigorous and for M ≥ 2 seldom close. For any V, let s be the singular value that alone costs V, ((M+1)/2)·Λ^{1/(M+1)}·s^{2/(M+1)} = V.
/// A point with a larger one is above V. For all others the concave cost of a singular value is above its chord up to s, and the convex model of one layer with λ = V/s is below. The
/// lesser of V and its bound is a bound, and the best V is where they meet.
/// </summary>
public static class DeepRelaxation
{
    // Of logarithms, an exponential and a quotient, with room to spare
    private const double Slack = 1e-12;
    private const double Met = 1e-4;
    private const int MaximumSolves = 30;

    /// <summary>The bound, from certificates of convex models.</summary>
    /// <param name="program">The program; its loss cannot be negative.</param>
    /// <param name="options">Options of each of the convex solves, at most 30; the default ones when null. Whatever they end with is a bound.</param>
    /// <param name="cancellationToken">Ends the search with the best bound so far.</param>
    /// <exception cref="ArgumentException">The loss can be negative.</exception>
    public static double LowerBound(DeepProgram program, AutomaticOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!program.Model.Loss.IsNonNegative)
        {
            throw new ArgumentException($"The bound needs a loss that cannot be negative; '{program.Model.Loss.Name}' can.", nameof(program));
        }

        var solver = new AutomaticSolver(options ?? new AutomaticOptions { RelativeGapTolerance = 0.1 * Met });
        NuclearNormProgram groups = NuclearNormProgram.ForGroups(program.Model);
        // The bound falls in V: to the left of where they meet V is the lesser one.
        double best = 0, high = groups.Value(groups.CreateMatrix()), low = 0, value = high;
        for (int solve = 0; solve < MaximumSolves && value > 0 && !(high - low <= Met * high) && !(solve > 0 && cancellationToken.IsCancellationRequested); solve++)
        {
            double bound = solver.Solve(Convex(program, value), cancellationToken: cancellationToken).Certificate.LowerBound;
            best = Math.Max(best, Math.Min(value, bound));
            low = bound >= value ? value : Math.Max(low, Math.Min(bound, value));
            high = bound >= value ? high : value;
            value = low > 0 ? Math.Sqrt(low) * Math.Sqrt(high) : 0;
        }

        return best;
    }

    // The model of one layer with λ = V/s, rounded down
    private static LayerPeeledModel Convex(DeepProgram program, double value)
    {
        LayerPeeledModel model = program.Model;
        double logSingular = (Math.Log(value) - Math.Log(0.5 * (program.Layers + 1)) - program.LogPenalty) / program.Exponent;
        double lambda = Math.Exp(Math.Log(value) - logSingular) * (1 - Slack);
        double feature = model.Regulariser.FeatureNorm == FeatureNorm.PerClass ? lambda : Rounding.Down(lambda * (model.ClassCount / model.Examples), 4);
        return model.WithRegulariser(new Penalties(lambda, feature) { FeatureNorm = model.Regulariser.FeatureNorm });
    }
}
