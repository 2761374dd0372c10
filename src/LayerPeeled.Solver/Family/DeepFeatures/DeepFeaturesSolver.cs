using LayerPeeled.Solver.Family.Descent;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.DeepFeatures;

/// <summary>
/// Local solutions of <see cref="DeepProgram"/> by quasi-Newton steps in all factors, class by class, for any loss of the library: an experiment on a program that is
/// not convex for M ≥ 2, where 0 is always a local minimum and so may be the collapsed point, or neither the best one. The result proves nothing but its own objective. Thread-safe.
/// </summary>
public sealed class DeepFeaturesSolver
{
    private readonly DeepFeaturesOptions options;

    /// <summary>The solver.</summary>
    /// <param name="options">Options; the default ones when null.</param>
    public DeepFeaturesSolver(DeepFeaturesOptions? options = null) => this.options = options ?? new DeepFeaturesOptions();

    /// <summary>The best local solution from random starts.</summary>
    /// <param name="program">The program.</param>
    /// <param name="progress">Told of every iteration, on the solving thread; null for none.</param>
    /// <param name="cancellationToken">Ends the solve with the best point so far.</param>
    public DeepFeaturesSolution Solve(DeepProgram program, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        var objective = new DeepObjective(program);
        var random = new Random(options.Seed);
        return Solve(program, objective, Enumerable.Range(0, options.Starts).Select(_ => objective.RandomStart(random)), options.Starts, progress, cancellationToken);
    }

    /// <summary>The local solution next to given logits.</summary>
    /// <param name="program">The program.</param>
    /// <param name="logits">Z, K×K: the descent starts from its cheapest factors, which leave out all but p singular values.</param>
    /// <param name="progress">Told of every iteration, on the solving thread; null for none.</param>
    /// <param name="cancellationToken">Ends the solve with the best point so far.</param>
    /// <exception cref="ArgumentException">The matrix is not K×K, or not finite.</exception>
    public DeepFeaturesSolution Solve(
        DeepProgram program, Matrix<double> logits, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(logits);
        int classes = program.Model.ClassCount;
        if (logits.RowCount != classes || logits.ColumnCount != classes || !logits.ForAll(double.IsFinite))
        {
            throw new ArgumentException($"The logits must be a finite {classes}×{classes} matrix, got {logits.RowCount}×{logits.ColumnCount}.", nameof(logits));
        }

        var objective = new DeepObjective(program);
        return Solve(program, objective, [objective.Start(logits)], 1, progress, cancellationToken);
    }

    private DeepFeaturesSolution Solve(
        DeepProgram program, DeepObjective objective, IEnumerable<double[]> starts, int startCount, IProgress<IterationReport>? progress, CancellationToken cancellationToken)
    {
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        var values = new List<double>();
        DescentOutcome? best = null;
        int iterations = 0;
        foreach (double[] start in starts)
        {
            if (best is not null && control.ShouldStop)
            {
                break;
            }

            (string method, int before) = ($"start {values.Count + 1} of {startCount}", iterations);
            DescentOutcome outcome = new ProjectedDescent(start, objective.Evaluate).Run(options, control, report: progress is null ? null : (iteration, value, stationarity) =>
                progress.Report(new IterationReport(method, before + iteration, value, stationarity, double.NaN, control.Elapsed)));
            iterations += outcome.Iterations;
            values.Add(outcome.Value);
            best = best is null || outcome.Value < best.Value ? outcome : best;
        }

        (Matrix<double>[] layers, Matrix<double> classMeans) = objective.Matrices(best!.Point);
        return new DeepFeaturesSolution(program, layers, classMeans)
        {
            Status = control.StatusOf(best.Status, values.Count < startCount),
            Objective = best.Value,
            Stationarity = best.Stationarity,
            Iterations = iterations,
            ObjectiveOfStarts = values.AsReadOnly(),
            Elapsed = control.Elapsed,
        };
    }
}
