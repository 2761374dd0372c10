using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Descent;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Rectified;

/// <summary>
/// Cross-entropy with nonnegative features, within budgets or with weight decay, solved in W and H̄ by projected quasi-Newton steps from random starts: the program is not convex, and a
/// start can end in a local minimum. A start that does not is proven by <see cref="RectifiedCertificate"/>, which closes at the optimum where p is at least the number
/// of classes that do not vanish. Thread-safe.
/// </summary>
public sealed class RectifiedSolver
{
    private readonly RectifiedOptions options;

    /// <summary>The solver.</summary>
    /// <param name="options">Options; the default ones when null.</param>
    public RectifiedSolver(RectifiedOptions? options = null) => this.options = options ?? new RectifiedOptions();

    /// <summary>Solves a model, class by class.</summary>
    /// <param name="model">A model with cross-entropy, without a bias.</param>
    /// <param name="progress">Told of every iteration, on the solving thread; null for none.</param>
    /// <param name="cancellationToken">Ends the solve with the best point so far.</param>
    /// <exception cref="ArgumentException">The loss is another one, or the model has a bias.</exception>
    public RectifiedSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        var control = new IterationControl(options, cancellationToken);
        double bound = RectifiedCertificate.Bound(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var objective = new RectifiedObjective(model);
        var random = new Random(options.Seed);
        DescentOutcome? best = null;
        int iterations = 0, starts = 0;
        bool closed = false;
        // Half of the tolerance for what a certificate adds to rounding
        bool Closes(double[] point, double value) => value - bound <= 0.5 * options.RelativeGapTolerance * value;
        while (starts < options.Starts && !closed && (starts == 0 || !control.ShouldStop))
        {
            var descent = new ProjectedDescent(objective.RandomStart(random), objective.Evaluate, objective.FirstFeature);
            (string method, int before) = ($"start {starts + 1} of {options.Starts}", iterations);
            DescentOutcome outcome = descent.Run(options, control, Closes, progress is null ? null : (iteration, value, stationarity) =>
                progress.Report(new IterationReport(method, before + iteration, value, stationarity, (value - bound) / value, control.Elapsed)));
            iterations += outcome.Iterations;
            starts++;
            best = best is null || outcome.Value < best.Value ? outcome : best;
            closed = Closes(best.Point, best.Value);
        }

        (Matrix<double> classifier, Matrix<double> classMeans) = objective.Matrices(best!.Point);
        RectifiedCertificate certificate = RectifiedCertificate.Of(model, classifier, classMeans);
        return new RectifiedSolution(model, classifier, classMeans, certificate)
        {
            Status = certificate.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal : control.StatusOf(best.Status, starts < options.Starts),
            Stationarity = best.Stationarity,
            Iterations = iterations,
            Starts = starts,
            Elapsed = control.Elapsed,
        };
    }
}
