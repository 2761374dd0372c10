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
        SolverStatus status;
        while (true)
        {
            // A loss that underflows carries no information any more.
            if (!double.IsFinite(run.Objective) || Math.Abs(run.Objective) < DualityCertificate.SmallestValue)
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
                certified = iteration;
                if (!best.Update(options.RelativeGapTolerance))
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

            if (control.TimeIsUp)
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
            var report = new IterationReport(method, iteration, run.Objective, run.Stationarity, best.RelativeGap, control.Elapsed);
            trace?.Add(report);
            progress?.Report(report);
        }

        if (certified != iteration && (status != SolverStatus.NumericalError || !best.HasPoint) && !best.Update(options.RelativeGapTolerance))
        {
            status = SolverStatus.NumericalError;
        }

        status = best.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal
            : status == SolverStatus.Optimal ? SolverStatus.Stalled : status;
        return new IterationOutcome(status, best.Point, best.Certificate, iteration, control.Elapsed, trace ?? []);
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

        public double RelativeGap => certificate?.RelativeGap ?? double.NaN;

        public bool Closes(double tolerance) => certificate is not null && certificate.Closes(tolerance);

        /// <returns>False when a decomposition failed: the point then has a bound that needs none.</returns>
        public bool Update(double target)
        {
            GroupedFactors? candidate = null;
            try
            {
                candidate = run.Point();
                Keep(candidate, run.Certify(candidate, target));
                return true;
            }
            catch (DecompositionException)
            {
                if (candidate is not null)
                {
                    Keep(candidate, DualityGap.WithoutDecomposition(candidate));
                }
                else if (point is null)
                {
                    point = new GroupedFactors(program, 0);
                    certificate = DualityGap.WithoutDecomposition(point);
                }

                return false;
            }
        }

        private void Keep(GroupedFactors candidate, DualityCertificate proof)
        {
            double tie = certificate is null ? 0 : Roundoff * Math.Abs(certificate.PrimalValue);
            if (certificate is null)
            {
                (point, certificate, stationarity) = (candidate, proof, run.Stationarity);
                run.PointKept();
            }
            else if (proof.PrimalValue < certificate.PrimalValue - tie
                || (proof.PrimalValue <= certificate.PrimalValue + tie && run.Stationarity <= stationarity))
            {
                (point, certificate, stationarity) = (candidate, DualityGap.WithBound(proof, certificate), run.Stationarity);
                run.PointKept();
            }
            else
            {
                certificate = DualityGap.WithBound(certificate, proof);
            }
        }
    }
}
