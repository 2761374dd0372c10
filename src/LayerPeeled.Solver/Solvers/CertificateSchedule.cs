namespace LayerPeeled.Solver.Solvers;

/// <summary>
/// When a certificate is worth its cost: when the method guesses that the gap has closed, and at geometrically spaced iterations. At the end there is
/// one of the last point, an inexpensive one where the time is over.
/// </summary>
internal sealed class CertificateSchedule
{
    // Certificates cost a few iterations; their share of the time stays bounded by spacing them out geometrically.
    private const double Spacing = 1.25;
    private const double LeastReduction = 0.5;
    private const double LargestReduction = 0.1;
    private const double SmallestTrigger = 1e-15;

    // A certificate costs as much as the last one did, or so many iterations where there was none. One that would end after this share of the
    // time limit, or keep someone who cancels waiting longer than this, gives way to the least expensive one.
    private const double CostInIterations = 10;
    private const double LatestEnd = 1.1;

    // Where making the start took more than this share of the time limit, the least expensive certificate is made at once: it shows what certificates cost, a good one
    // so many times as much, and what is left to return if the last iteration takes longer than the one before.
    private const double LongStart = 0.01;
    private const double CostInLeast = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private readonly SolverRun run;
    private readonly BestPoint best;
    private readonly IterationControl control;
    private readonly SolverOptions options;

    // A point that is brought down to fewer dimensions at the end is certified once more.
    private readonly int endings;
    private readonly TimeSpan begun;
    private double trigger;
    private int next;
    private int last = -1;
    private TimeSpan cost;
    private TimeSpan least;
    private TimeSpan spent;
    private TimeSpan before;
    private TimeSpan step;

    public CertificateSchedule(SolverRun run, BestPoint best, IterationControl control, SolverOptions options, bool fits)
    {
        endings = fits ? 2 : 1;
        (this.run, this.best, this.control, this.options) = (run, best, control, options);
        (begun, trigger, next) = (control.Elapsed, Math.Max(options.RelativeGapTolerance, SmallestTrigger), run.CertificateInterval);
    }

    /// <summary>Before the first iteration.</summary>
    public void Begin()
    {
        before = control.Elapsed;
        if (!control.ShouldStop && control.Elapsed > LongStart * options.TimeLimit)
        {
            best.Update(double.PositiveInfinity);
            least = control.Elapsed - before;
            spent += least;
            before = control.Elapsed;
        }
    }

    /// <summary>After an iteration.</summary>
    public void Iterated()
    {
        TimeSpan took = control.Elapsed - before;
        step = took > step ? took : step;
        before = control.Elapsed;
    }

    /// <summary>Whether one more iteration as long as the longest, and a certificate, would take more time than there is.</summary>
    public bool TimeIsUp(int iteration) => control.TimeIsUp || control.Elapsed + step + Expected(iteration) > options.TimeLimit;

    /// <summary>Whether to look now. While a closed gap is only being polished, the certificate waits for the end.</summary>
    public bool IsDue(int iteration, bool stationary) =>
        (run.GapEstimate <= trigger || iteration >= next || stationary) && !best.Closes(options.RelativeGapTolerance);

    /// <summary>The certificate of the run's point.</summary>
    /// <returns>False when a decomposition failed.</returns>
    public bool Certify(int iteration)
    {
        TimeSpan begin = control.Elapsed;
        last = iteration;
        bool proven = best.Update(options.RelativeGapTolerance);
        cost = control.Elapsed - begin;
        spent += cost;
        before = control.Elapsed;
        // The guess may be off by a factor that stays much the same: what the gap has to fall by is what the guess has to.
        trigger = Math.Min(trigger, run.GapEstimate) * Math.Clamp(options.RelativeGapTolerance / best.RelativeGap, LargestReduction, LeastReduction);
        next = (int)Math.Max(iteration + run.CertificateInterval, iteration * Spacing);
        return proven;
    }

    /// <summary>The certificate of the last point, unless it has one.</summary>
    /// <returns>How the solve ended, in the light of it.</returns>
    public SolverStatus Finish(int iteration, SolverStatus status)
    {
        if (last == iteration || (status == SolverStatus.NumericalError && best.HasPoint))
        {
            return status;
        }

        TimeSpan expected = Expected(iteration);
        bool stopped = status is SolverStatus.Cancelled or SolverStatus.TimeLimit;
        bool tooLong = stopped && (iteration == 0 || IsTooLong(expected));
        // Who cancels gets the last point; where the time is over the point that there is has to do.
        if (tooLong && best.HasPoint && (iteration == 0 || (status == SolverStatus.TimeLimit && IsTooLong(endings * least))))
        {
            return status;
        }

        return best.Update(tooLong ? double.PositiveInfinity : options.RelativeGapTolerance) ? status : SolverStatus.NumericalError;

        bool IsTooLong(TimeSpan time) => status == SolverStatus.Cancelled ? time > LongestWait : control.Elapsed + time > LatestEnd * options.TimeLimit;
    }

    // What the next certificate will cost
    private TimeSpan Expected(int iteration) => endings * CertificateCost(iteration);

    private TimeSpan CertificateCost(int iteration) => cost > TimeSpan.Zero ? cost
        : least > TimeSpan.Zero ? (iteration == 0 ? 1 : CostInLeast) * least
        : iteration == 0 ? cost : CostInIterations / iteration * (control.Elapsed - begun - spent);
}
