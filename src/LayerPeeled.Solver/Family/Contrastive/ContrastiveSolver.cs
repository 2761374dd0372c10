using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// The global optimum of the contrastive program, certified: limited-memory quasi-Newton steps in factors of H̄ᵀH̄, from the pattern of the balanced optimum, until the
/// gap closes. Thread-safe.
/// </summary>
public sealed class ContrastiveSolver
{
    private const int Memory = 12;

    // Certificates come at iterations that grow by this, each at the cost of several.
    private const int FirstCertificate = 20;
    private const double CertificateGrowth = 1.3;

    // With a time limit the first certificate is the least expensive one, and shows what a good one costs: so many times as much. Nobody who cancels waits longer than this.
    private const double CostInLeast = 4;
    private const double LatestEnd = 1.1;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private readonly ContrastiveOptions options;

    /// <summary>A solver.</summary>
    /// <param name="options">The options; defaults when null.</param>
    public ContrastiveSolver(ContrastiveOptions? options = null) => this.options = options ?? new ContrastiveOptions();

    /// <summary>Solves a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Told of every iteration, on the solving thread; null for none.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    public ContrastiveSolution Solve(ContrastiveModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        ContrastiveProgram program = options.ClassByClass ? ContrastiveProgram.ForClasses(model) : ContrastiveProgram.ForGroups(model);
        var objective = new ContrastiveFactors(program);
        var iterate = new FactorIterate(objective, objective.CentredIdentity());
        var quasiNewton = new QuasiNewton(objective.Dimension, Memory);
        bool full = options.TimeLimit is null && !control.ShouldStop;
        int iteration = 0, due = FirstCertificate, certified = full ? 0 : -1;
        (double[] Spread, double[] Core) point = objective.Factors(iterate.Point);
        TimeSpan step = default, begin = control.Elapsed;
        ContrastiveCertificate best = Certify(point, full ? options.RelativeGapTolerance : double.PositiveInfinity);
        TimeSpan cost = (full ? 1 : CostInLeast) * (control.Elapsed - begin);
        SolverStatus? ended = null;
        while (!best.Closes(options.RelativeGapTolerance) && (ended = Stop()) is null)
        {
            TimeSpan before = control.Elapsed;
            if (!quasiNewton.Step(iterate, control))
            {
                ended = SolverStatus.Stalled;
                break;
            }

            step = control.Elapsed - before;
            if (++iteration >= due)
            {
                due = (int)Math.Ceiling(due * CertificateGrowth);
                Update(options.RelativeGapTolerance);
            }

            progress?.Report(new IterationReport("contrastive", iteration, program.Floor + Math.Exp(iterate.Value), double.NaN, best.RelativeGap, control.Elapsed));
        }

        // Who cancels gets the last point; where the time is over the point that there is has to do.
        if (ended is { } end && certified != iteration && !(end == SolverStatus.TimeLimit && IsTooLong(end, cost / CostInLeast)))
        {
            Update(IsTooLong(end, cost) ? double.PositiveInfinity : options.RelativeGapTolerance);
        }

        SolverStatus status = best.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal : ended ?? SolverStatus.Stalled;
        return new ContrastiveSolution(model, point.Spread, point.Core, options.ClassByClass, best) { Status = status, Iterations = iteration };

        ContrastiveCertificate Certify((double[] Spread, double[] Core) factors, double target) => ContrastiveCertificate.Of(program, factors.Spread, factors.Core, target);

        SolverStatus? Stop() => cancellationToken.IsCancellationRequested ? SolverStatus.Cancelled
            : iteration >= options.MaxIterations ? SolverStatus.IterationLimit
            : control.TimeIsUp || control.Elapsed + step + cost > options.TimeLimit ? SolverStatus.TimeLimit
            : !double.IsFinite(iterate.Value) ? SolverStatus.NumericalError
            : null;

        bool IsTooLong(SolverStatus end, TimeSpan time) => end == SolverStatus.Cancelled ? time > LongestWait
            : end == SolverStatus.TimeLimit && control.Elapsed + time > LatestEnd * options.TimeLimit;

        // The point improves from step to step; a bound need not.
        void Update(double target)
        {
            TimeSpan before = control.Elapsed;
            (double[] Spread, double[] Core) factors = objective.Factors(iterate.Point);
            ContrastiveCertificate certificate = Certify(factors, target), bound = certificate.ExcessLowerBound >= best.ExcessLowerBound ? certificate : best;
            if (certificate.Excess <= best.Excess)
            {
                (point, best) = (factors, certificate);
            }

            (certified, cost) = (iteration, double.IsFinite(target) ? control.Elapsed - before : cost);
            best = best with { ExcessLowerBound = bound.ExcessLowerBound, Multiplier = bound.Multiplier };
        }
    }
}
