using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>
/// The one loop of every method. Checks, in this order: not a usable number, cancelled, gap, stationarity, stall, iterations, time. The certificate
/// has the last word: a point whose gap is closed is Optimal whatever stopped the loop, and no other point is.
/// </summary>
internal static class IterationLoop
{
    // Certificates cost a few iterations; their share of the time stays bounded by spacing them out geometrically.
    private const double CertificateSpacing = 1.25;
    private const double LeastReduction = 0.5;
    private const double LargestReduction = 0.1;
    private const double SmallestObjective = 1e-303;

    // A certificate costs as much as the last one did, or so many iterations where there was none. One that would end after this share of the
    // time limit, or keep someone who cancels waiting longer than this, gives way to the least expensive one.
    private const double CertificateIterations = 10;
    private const double LatestCertificate = 1.1;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <param name="method">Name of the method, for the reports.</param>
    /// <param name="program">The program whose points the method finds.</param>
    /// <param name="start">Makes the run. A decomposition that fails there ends the solve like one that fails later.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="progress">Called after each iteration.</param>
    /// <param name="token">Stops the solve.</param>
    public static IterationOutcome Run(
        string method, NuclearNormProgram program, Func<SolverRun> start, SolverOptions options, IProgress<IterationReport>? progress, CancellationToken token)
    {
        var control = new IterationControl(options, token);
        SolverRun run;
        try
        {
            run = start();
        }
        catch (DecompositionException)
        {
            GroupedFactors zero = new(program, 0);
            return new IterationOutcome(SolverStatus.NumericalError, zero, DualityGap.WithoutDecomposition(zero), 0, control.Elapsed, []);
        }

        List<IterationReport>? trace = options.RecordTrace ? [] : null;
        var best = new BestPoint(run, program);
        double trigger = Math.Max(options.RelativeGapTolerance, 1e-15);
        int iteration = 0, nextCertificate = run.CertificateInterval, certified = -1;
        TimeSpan begun = control.Elapsed, certificateTime = TimeSpan.Zero, spentCertifying = TimeSpan.Zero;
        SolverStatus status;
        while (true)
        {
            // A loss that underflows in its unit carries no information any more; nor do certificates that contradict each other.
            if (!double.IsFinite(run.Objective) || Math.Abs(run.Objective) < SmallestObjective || best.IsContradicted)
            {
                status = SolverStatus.NumericalError;
                break;
            }

            if (token.IsCancellationRequested)
            {
                status = SolverStatus.Cancelled;
                break;
            }

            // While a closed gap is only being polished, the certificate waits for the end.
            bool stationary = run.Stationarity <= options.StationarityTolerance;
            if ((run.GapEstimate <= trigger || iteration >= nextCertificate || stationary) && !best.Closes(options.RelativeGapTolerance))
            {
                TimeSpan before = control.Elapsed;
                certified = iteration;
                bool proven = best.Update(options.RelativeGapTolerance);
                certificateTime = control.Elapsed - before;
                spentCertifying += certificateTime;
                if (!proven)
                {
                    status = SolverStatus.NumericalError;
                    break;
                }

                // The guess may be off by a factor that stays much the same: what the gap has to fall by is what the guess has to.
                trigger = Math.Min(trigger, run.GapEstimate)
                    * Math.Clamp(options.RelativeGapTolerance / best.RelativeGap, LargestReduction, LeastReduction);
                nextCertificate = (int)Math.Max(iteration + run.CertificateInterval, iteration * CertificateSpacing);
            }

            if (best.Closes(options.RelativeGapTolerance) && !run.Polishing)
            {
                status = SolverStatus.Optimal;
                break;
            }

            if (stationary && !run.MayEscape)
            {
                status = SolverStatus.Stationary;
                break;
            }

            if (run.Stalled)
            {
                status = SolverStatus.Stalled;
                break;
            }

            if (iteration >= options.MaxIterations)
            {
                status = SolverStatus.IterationLimit;
                break;
            }

            // The certificate at the end takes its share of the time.
            if (control.TimeIsUp || control.Elapsed + ExpectedCertificate() > options.TimeLimit)
            {
                status = SolverStatus.TimeLimit;
                break;
            }

            try
            {
                run.Iterate(control);
            }
            catch (DecompositionException)
            {
                // What was found so far stays.
                status = SolverStatus.NumericalError;
                break;
            }

            iteration++;
            var report = new IterationReport(
                method, iteration, run.Objective * Math.Exp(run.LogUnit), run.Stationarity, best.RelativeGap, control.Elapsed)
            {
                Log10Objective = (Math.Log(run.Objective) + run.LogUnit) / Math.Log(10),
            };
            trace?.Add(report);
            if (progress is not null)
            {
                using ProviderScope outside = LinearAlgebraProvider.Unpin();
                progress.Report(report);
            }
        }

        if (certified != iteration && (status != SolverStatus.NumericalError || !best.HasPoint))
        {
            TimeSpan expected = ExpectedCertificate();
            bool stopped = status is SolverStatus.Cancelled or SolverStatus.TimeLimit;
            bool tooLong = stopped && (iteration == 0 || (status == SolverStatus.Cancelled ? expected > LongestWait
                : control.Elapsed + expected > LatestCertificate * options.TimeLimit));
            status = best.Update(tooLong ? double.PositiveInfinity : options.RelativeGapTolerance) ? status : SolverStatus.NumericalError;
        }

        status = best.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal
            : best.IsContradicted || (best.Certificate.LogUnit != 0 && run.LogUnit == 0 && status is SolverStatus.Stalled or SolverStatus.Stationary)
            ? SolverStatus.NumericalError
            : status == SolverStatus.Optimal ? SolverStatus.Stalled : status;
        return new IterationOutcome(status, best.Point, best.Certificate, iteration, control.Elapsed, trace ?? []) { Error = best.Error };

        TimeSpan ExpectedCertificate() => certificateTime > TimeSpan.Zero || iteration == 0
            ? certificateTime : CertificateIterations / iteration * (control.Elapsed - begun - spentCertifying);
    }

    /// <summary>The best feasible point so far and the best bound so far, which need not come from the same iteration.</summary>
    private sealed class BestPoint(SolverRun run, NuclearNormProgram program)
    {
        // Values this close are equal to roundoff, and say nothing about which point is the more accurate one.
        private const double Roundoff = 1e-12;
        private double stationarity;
        private GroupedFactors? point;
        private DualityCertificate? certificate;

        public bool HasPoint => point is not null;

        public GroupedFactors Point => point!;

        public DualityCertificate Certificate => certificate!;

        public ErrorEstimate Error { get; private set; } = ErrorEstimate.Unknown;

        public bool IsContradicted => certificate?.Contradiction is not null;

        public double RelativeGap => certificate?.RelativeGap ?? double.NaN;

        public bool Closes(double tolerance) => certificate is not null && certificate.Closes(tolerance);

        /// <returns>False when a decomposition failed: the point then has a bound that needs none.</returns>
        public bool Update(double target)
        {
            GroupedFactors? candidate = null;
            try
            {
                candidate = run.Point();
                Consider(candidate, run.Certify(candidate, target));
                return true;
            }
            catch (DecompositionException)
            {
                if (candidate is not null)
                {
                    Consider(candidate, DualityGap.WithoutDecomposition(candidate));
                }
                else if (point is null)
                {
                    point = new GroupedFactors(program, 0);
                    certificate = DualityGap.WithoutDecomposition(point);
                }

                return false;
            }
        }

        private void Consider(GroupedFactors candidate, DualityCertificate proof)
        {
            double tie = certificate is null ? 0 : Roundoff * Math.Abs(certificate.Primal);
            double value = certificate is null ? 0 : proof.Convert(proof.Primal, certificate.LogUnit);
            if (certificate is null)
            {
                Keep(candidate, proof);
            }
            else if (value < certificate.Primal - tie
                || (value <= certificate.Primal + tie && run.Stationarity <= stationarity))
            {
                Keep(candidate, DualityGap.WithBound(proof, certificate));
            }
            else
            {
                certificate = DualityGap.WithBound(certificate, proof);
            }
        }

        private void Keep(GroupedFactors candidate, DualityCertificate proof)
        {
            (point, certificate, stationarity, Error) = (candidate, proof, run.Stationarity, run.Error);
            run.PointKept();
        }
    }
}
