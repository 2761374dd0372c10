using System.Numerics.Tensors;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// Limited-memory quasi-Newton descents on the product of the two sets, from several starts; the best is kept, and compared with a lower bound. Thread-safe.
/// </summary>
public sealed class SphericalSolver
{
    private const int Memory = 12;

    // A relative gap below which the first point is taken for the optimum, and how much more stationary it is made then
    private const double NearlyClosed = 1e-3;
    private const double Polish = 1e-2;

    // Bounds that would end after this share of the time limit are left out: there is one of the first start.
    private const double LatestEnd = 1.1;

    // Classes whose weight is a smaller share of the largest begin as if it were this.
    private const double SmallestShare = 1e-6;

    // Between two ways to sum a loss
    private const double LossRounding = 1e-12;
    private readonly SphericalOptions options;

    /// <summary>A solver.</summary>
    /// <param name="options">The options; defaults when null.</param>
    public SphericalSolver(SphericalOptions? options = null) => this.options = options ?? new SphericalOptions();

    /// <summary>Solves a model. Descents end early once one is proven optimal.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Told of every iteration, on the solving thread; null for none.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned.</param>
    public SphericalSolution Solve(SphericalModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        var objective = new SphericalObjective(model);
        var values = new List<double>();
        Descent? best = null;
        double bound = 0;
        int iterations = 0;
        TimeSpan cost = default;
        bool bounded = false;
        if (options is { TimeLimit: not null, LowerBound: true } && !control.ShouldStop)
        {
            // What a bound takes is kept for the one of the best point.
            cost = control.Elapsed;
            bound = Math.Max(0, Bound(objective, Start(model, 0)));
            cost = control.Elapsed - cost;
        }

        IterationControl descents = control.Leaving(cost);
        for (int start = 0; start < options.Starts && (best is null || !descents.ShouldStop); start++)
        {
            Descent descent = Descend(objective, Start(model, start), descents, options.StationarityTolerance, Reporting(start));
            iterations += descent.Iterations;
            values.Add(descent.Value);
            if (best is null || descent.Value < best.Value)
            {
                (best, bounded) = (descent, false);
            }

            if (start == 0 && HasTimeForBound())
            {
                bound = Math.Max(bound, Bound(objective, best.Point));
                bounded = true;
                bound = Math.Max(bound, descents.ShouldStop || !options.LowerBound ? 0 : Relaxation(model, descents));
                if (!Closes(best.Value, bound) && best.Value - bound < NearlyClosed * best.Value)
                {
                    // The gap is first order in the gradient: a few more digits of the one are as many of the other.
                    Descent polished = Descend(objective, best.Point, descents, Polish * options.StationarityTolerance, Reporting(start));
                    iterations += polished.Iterations;
                    best = best with { Point = polished.Point, Value = polished.Value };
                    bound = Math.Max(bound, Bound(objective, best.Point));
                    values[0] = best.Value;
                }
            }

            if (Closes(best.Value, bound))
            {
                break;
            }
        }

        _ = objective.Evaluate(best!.Point, new double[best.Point.Length]);
        bound = !bounded && HasTimeForBound() ? Math.Max(bound, Bound(objective, best.Point)) : bound;
        double proven = objective.ProvenLoss();
        bool isConfirmed = Math.Abs(proven - best.Value) <= LossRounding * proven;
        SolverStatus status = !isConfirmed ? SolverStatus.NumericalError
            : Closes(best.Value, bound) ? SolverStatus.Optimal
            : descents.StatusOf(best.Status, values.Count < options.Starts);
        return new SphericalSolution(model, objective.Vectors)
        {
            Status = status,
            Objective = isConfirmed ? best.Value : proven,
            LowerBound = bound,
            StartObjectives = values,
            Iterations = iterations,
        };

        bool HasTimeForBound() => !(control.Elapsed + cost > LatestEnd * options.TimeLimit);

        Action<int, double>? Reporting(int start)
        {
            (string method, int before, double known) = ($"start {start + 1} of {options.Starts}", iterations, bound);
            return progress is null ? null : (iteration, value) =>
                progress.Report(new IterationReport(method, before + iteration, value, double.NaN, known > 0 ? (value - known) / value : double.NaN, control.Elapsed));
        }
    }

    private bool Closes(double value, double bound) => value - bound <= options.RelativeGapTolerance * value;

    // Leaves the objective at the point.
    private double Bound(SphericalObjective objective, double[] point)
    {
        _ = objective.Evaluate(point, new double[point.Length]);
        return options.LowerBound ? SphericalBound.Below(objective.Model, objective) : 0;
    }

    private Descent Descend(SphericalObjective objective, double[] start, IterationControl control, double tolerance, Action<int, double>? report = null)
    {
        var iterate = new FactorIterate(objective, start);
        var quasiNewton = new QuasiNewton(objective.Dimension, Memory);
        int iteration = 0;
        SolverStatus? ended;
        while ((ended = Stop()) is null)
        {
            if (!quasiNewton.Step(iterate, control))
            {
                ended = SolverStatus.Stalled;
                break;
            }

            iteration++;
            report?.Invoke(iteration, Math.Exp(iterate.Value));
        }

        // Shorter vectors would have a smaller loss: not stationary within a budget.
        bool inward = objective.AllowsShorterVectors && objective.LossGrowsWithLength(iterate.Point);
        return new Descent(iterate.Point, Math.Exp(iterate.Value), ended == SolverStatus.Stationary && inward ? SolverStatus.Stalled : ended.Value, iteration);

        SolverStatus? Stop() => !double.IsFinite(iterate.Value) ? SolverStatus.NumericalError
            : control.Token.IsCancellationRequested ? SolverStatus.Cancelled
            : objective.Stationarity(iterate.Point, iterate.Gradient) <= tolerance ? SolverStatus.Stationary
            : iteration >= options.MaxIterations ? SolverStatus.IterationLimit
            : control.TimeIsUp ? SolverStatus.TimeLimit
            : null;
    }

    // Classifiers and class means begin equal: the simplex ETF where it fits, else normal numbers. On a sphere the length of a vector of the point is that of its
    // steps, inversely: with √ω_k the curvature of large and small classes is the same.
    private double[] Start(SphericalModel model, int start)
    {
        int n = model.ClassCount, p = model.Dimension;
        var random = new Random(unchecked((options.Seed * 1_000_003) + start));
        double[] half = start == 0 && p >= n - 1 ? SimplexEtf.Frame(n, p).ToRowMajorArray()
            : Enumerable.Range(0, n * p).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)).ToArray();
        double[] vectors = [.. half, .. half];
        double largest = Enumerable.Range(0, model.Groups.Count).Max(model.Classes.WeightOf);
        for (int k = 0; k < 2 * n; k++)
        {
            double share = Math.Max(SmallestShare, model.Classes.WeightOf(model.GroupOfClass[k % n]) / largest);
            if ((k < n ? model.Classifiers : model.Features) is FixedNorms)
            {
                TensorPrimitives.Multiply(vectors.AsSpan(k * p, p), Math.Sqrt(share), vectors.AsSpan(k * p, p));
            }
        }

        return vectors;
    }

    // What more dimensions reach, or what the mean norms alone allow: both are below the optimum.
    private double Relaxation(SphericalModel model, IterationControl control)
    {
        if (!model.Classifiers.IsEuclidean || !model.Features.IsEuclidean)
        {
            return 0;
        }

        int n = model.ClassCount;
        Budgets budgets = new(model.Classifiers.Norms2(n).Average() / model.Temperature, model.Features.Norms2(n).Average() / model.Temperature);
        var within = new AutomaticOptions { TimeLimit = control.Remaining, Clock = options.Clock };
        LayerPeeledSolution means = new AutomaticSolver(within).Solve(model.Classes.WithRegulariser(budgets), null, control.Token);
        double bound = means.Certificate.LowerBound;
        if (model.Dimension < 2 * n && !(model.Classifiers.IsBudget && model.Features.IsBudget) && !control.ShouldStop)
        {
            SphericalModel lifted = model.WithDimension(model.Dimension < n ? n : 2 * n);
            var objective = new SphericalObjective(lifted);
            bound = Math.Max(bound, Bound(objective, Descend(objective, Start(lifted, 0), control, options.StationarityTolerance).Point));
        }

        return Math.Max(0, bound);
    }

    private sealed record Descent(double[] Point, double Value, SolverStatus Status, int Iterations);
}
