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
        ContrastiveProgram program = options.ClassByClass ? ContrastiveProgram.ForClasses(model) : ContrastiveProgram.ForGroups(model);
        var control = new IterationControl(options, cancellationToken);
        var objective = new ContrastiveFactors(program);
        var iterate = new FactorIterate(objective, objective.CentredIdentity());
        var quasiNewton = new QuasiNewton(objective.Dimension, Memory);
        int iteration = 0, due = FirstCertificate;
        (double[] Spread, double[] Core) point = objective.Factors(iterate.Point);
        ContrastiveCertificate best = Certify(point);
        SolverStatus? ended = null;
        while (!best.Closes(options.RelativeGapTolerance) && (ended = Stop()) is null)
        {
            if (!quasiNewton.Step(iterate, control))
            {
                ended = SolverStatus.Stalled;
                break;
            }

            if (++iteration >= due)
            {
                due = (int)Math.Ceiling(due * CertificateGrowth);
                Update();
            }

            progress?.Report(new IterationReport("contrastive", iteration, program.Floor + Math.Exp(iterate.Value), double.NaN, best.RelativeGap, control.Elapsed));
        }

        if (ended is not null)
        {
            Update();
        }

        SolverStatus status = best.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal : ended ?? SolverStatus.Stalled;
        return new ContrastiveSolution(model, point.Spread, point.Core, options.ClassByClass, best) { Status = status, Iterations = iteration };

        ContrastiveCertificate Certify((double[] Spread, double[] Core) factors) => ContrastiveCertificate.Of(program, factors.Spread, factors.Core, options.RelativeGapTolerance);

        SolverStatus? Stop() => cancellationToken.IsCancellationRequested ? SolverStatus.Cancelled
            : iteration >= options.MaxIterations ? SolverStatus.IterationLimit
            : control.TimeIsUp ? SolverStatus.TimeLimit
            : !double.IsFinite(iterate.Value) ? SolverStatus.NumericalError
            : null;

        // The point improves from step to step; a bound need not.
        void Update()
        {
            (double[] Spread, double[] Core) factors = objective.Factors(iterate.Point);
            ContrastiveCertificate certificate = Certify(factors), bound = certificate.ExcessLowerBound >= best.ExcessLowerBound ? certificate : best;
            if (certificate.Excess <= best.Excess)
            {
                (point, best) = (factors, certificate);
            }

            best = best with { ExcessLowerBound = bound.ExcessLowerBound, Multiplier = bound.Multiplier };
        }
    }
}
