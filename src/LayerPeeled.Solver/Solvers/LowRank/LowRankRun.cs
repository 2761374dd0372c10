using System.Diagnostics.CodeAnalysis;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Programs;
using static LayerPeeled.Solver.Solvers.LowRank.LowRankTuning;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Quasi-Newton steps until the point is nearly stationary, then trust-region Newton steps.</summary>
internal sealed class LowRankRun : SolverRun
{
    private readonly NuclearNormProgram program;
    private readonly LowRankOptions options;
    private readonly int largestRank;
    private FactorObjective objective;
    private FactorIterate iterate;
    private QuasiNewton quasiNewton;
    private TrustRegionNewton? newton;
    private bool secondOrder;
    private int nextShedding;
    private double sheddingStationarity = double.PositiveInfinity;
    private bool columnsShed;
    private bool newtonSlow;
    private bool rankInDoubt;
    private ErrorEstimate error = ErrorEstimate.Unknown;
    private double multiplierChange = double.PositiveInfinity;
    private double squaredStationarity;
    private double lowestStationarity = double.PositiveInfinity;
    private double windowStationarity = double.PositiveInfinity;
    private int windowEnd = SlowWindow;
    private int steps;
    private int extensions;

    public LowRankRun(NuclearNormProgram program, LowRankOptions options, GroupedFactors? start, IterationControl control)
    {
        this.program = program;
        this.options = options;
        int rank = program.Model.Loss.IsShiftInvariant ? program.GroupCount - 1 : program.GroupCount;
        if (!program.IsReduced)
        {
            rank = Math.Min(rank, program.Model.FeatureDimension);
        }

        largestRank = rank;
        nextShedding = IsLarge ? FirstShedding : int.MaxValue;
        int first = program.HasTargets ? Math.Min(rank, MostTargetColumns) : rank;
        objective = new FactorObjective(program, start is null ? first : Math.Clamp(start.Rank, Math.Min(1, rank), rank));
        if (start is not null)
        {
            Begin(objective.FromFactors(start));
        }
        else
        {
            (objective, double[] point) = FactorStart.Of(objective, program, options, control);
            Begin(point);
        }

        if (start is not null || objective.IsZero(iterate.Point))
        {
            Extend();
        }

        Publish();
    }

    public override bool Polishing => !Stalled && (error.Multiplier > options.MultiplierErrorTolerance
        || (options.GeometryErrorTolerance < 1 && error.Geometry > options.GeometryErrorTolerance));

    public override bool MayEscape => rankInDoubt;

    // f − f* is about ½·gᵀH⁻¹g; on the spheres ‖g‖² = 2r·λ²·stationarity², and H⁻¹ is about 5/λ along the gradients that come up.
    public override double GapEstimate => 5 * squaredStationarity * objective.Radius * Math.Abs(objective.Multiplier) / Objective;

    // A Newton step is the error of the point it starts from; what it leaves of it shows in the gradient.
    public override ErrorEstimate Error => error;

    /// <summary>Whether the gap is that of the program itself also where it merges groups, rather than that of the model.</summary>
    public bool CertifiesWithinProgram { get; init; }

    // The guess is good to an order of magnitude, and an open certificate, which tries all its cuts, costs as much as dozens of iterations.
    public override int CertificateInterval => 250;

    private bool IsLarge => program.GroupCount >= LargeGroupCount;

    public override GroupedFactors Point() => objective.ToFactors(iterate.Point);

    public override DualityCertificate Certify(GroupedFactors point, double target)
    {
        DualityCertificate certificate = CertifiesWithinProgram ? DualityGap.CertifyWithin(point, target) : base.Certify(point, target);
        // Too few columns are one reason for a gap that stays open, and by far.
        rankInDoubt = !certificate.Closes(target) && certificate.RelativeGap > DoubtfulGap * GapEstimate;
        return certificate;
    }

    public override void Iterate(IterationControl control)
    {
        if (rankInDoubt)
        {
            rankInDoubt = false;
            Extend();
        }

        if (!secondOrder && !NewtonPays() && QuasiNewtonStep(control))
        {
            return;
        }

        secondOrder = true;
        if (IsLarge && (Stationarity <= sheddingStationarity || newtonSlow))
        {
            double before = Stationarity;
            sheddingStationarity = before * (ShedColumns() ? SheddingReduction : IdleSheddingReduction);
        }

        newton ??= new TrustRegionNewton(
            objective, objective.Dimension > SmallDimension ? Preconditioner() : null, options.MaxInnerIterations);
        (double stationarity, double multiplier) = (Stationarity, objective.LogMultiplier);
        Stalled = !newton.Step(iterate, control, SufficientReduction()) && !Extend();
        Publish();
        newtonSlow = Stationarity < NearlyStationary && Stationarity > SlowNewtonReduction * stationarity;
        if (newton is not null)
        {
            double earlier = MultiplierErrorOfEarlierStep * multiplierChange;
            multiplierChange = Math.Abs(objective.LogMultiplier - multiplier);
            error = new ErrorEstimate(
                ErrorOfStep * newton.LargestChange * Math.Min(1, Stationarity / stationarity), Math.Max(MultiplierErrorOfStep * multiplierChange, earlier));
        }

        // Where only the gap would tell that a column which is gone has to grow again, a loose one does not.
        bool accuracyAsked = options.GeometryErrorTolerance < 1 || double.IsFinite(options.MultiplierErrorTolerance);
        if (columnsShed && accuracyAsked && !Polishing)
        {
            columnsShed = false;
            if (Extend())
            {
                Publish();
            }
        }
    }

    private IFactorPreconditioner Preconditioner() =>
        program.HasTargets ? new TargetPreconditioner(program, objective.Rank) : new FactorPreconditioner(program, objective.Rank);

    private bool QuasiNewtonStep(IterationControl control)
    {
        if (!quasiNewton.Step(iterate, control))
        {
            return false;
        }

        Publish();
        if (steps >= nextShedding)
        {
            nextShedding = SheddingSpacing * nextShedding;
            ShedColumns();
        }

        return true;
    }

    [MemberNotNull(nameof(iterate), nameof(quasiNewton))]
    private void Begin(double[] start)
    {
        iterate = new FactorIterate(objective, start);
        (quasiNewton, newton) = (new QuasiNewton(start.Length, options.Memory), null);
        (error, multiplierChange) = (ErrorEstimate.Unknown, double.PositiveInfinity);
    }

    // On the way to a collapsed solution columns die out, at the cost of all the others; near the optimum what is left of the gap is often the
    // loss that the last few of them cause, and a Newton step would only shrink them.
    // False if none is dying.
    private bool ShedColumns()
    {
        double certainty = Math.Max(0, 1 - ((newtonSlow ? SlowUncertainty : Uncertainty) * Stationarity));
        bool nearTheEnd = Stationarity < NearlyStationary;
        if (objective.WithoutDyingColumns(
            iterate.Point, nearTheEnd ? SmallColumnNearTheEnd : SmallColumn, certainty, secondOrder ? 1 : WorthwhileRank) is not { } shed)
        {
            return false;
        }

        if (shed.Rank < objective.Rank)
        {
            var smaller = new FactorObjective(program, shed.Rank);
            var without = new FactorIterate(smaller, shed.Point);
            if (without.Value < iterate.Value + iterate.Noise && !WouldReturn(smaller))
            {
                (objective, iterate, newton, columnsShed) = (smaller, without, null, true);
                quasiNewton = new QuasiNewton(shed.Point.Length, options.Memory);
                Publish();
            }

            return true;
        }

        shed.Point.CopyTo(iterate.TrialPoint, 0);
        double value = iterate.EvaluateTrial();
        if (value < iterate.Value && !WouldReturn(objective))
        {
            quasiNewton.Learn(iterate);
            iterate.Accept(value);
            columnsShed = true;
            Publish();
        }
        else
        {
            iterate.Return();
        }

        return true;

        // The larger the columns, the more their going changes the gradient, which may then let them grow again.
        bool WouldReturn(FactorObjective without) => nearTheEnd && without.WouldGrow(shed.Removed, newtonSlow ? 1 : certainty);
    }

    // How much smaller the stationarity has to become for the gap to close by its guess, with room for the guess; 0 where accuracy is asked for besides.
    private double SufficientReduction() => options.GeometryErrorTolerance < 1 || double.IsFinite(options.MultiplierErrorTolerance) ? 0
        : SufficientShare * Math.Sqrt(options.RelativeGapTolerance / GapEstimate);

    // True if the point was stationary for lack of columns only, which it has now.
    private bool Extend()
    {
        if (++extensions > MostExtensions || objective.Extend(iterate.Point, largestRank, out int rank) is not { } extended)
        {
            return false;
        }

        objective = new FactorObjective(program, rank);
        Begin(extended);
        secondOrder = newtonSlow = false;
        nextShedding = int.MaxValue;
        sheddingStationarity = double.PositiveInfinity;
        return true;
    }

    // Once nearly stationary, or when quasi-Newton steps have become slow.
    private bool NewtonPays()
    {
        lowestStationarity = Math.Min(lowestStationarity, Stationarity);
        if (++steps == windowEnd)
        {
            if (lowestStationarity > SlowReduction * windowStationarity && lowestStationarity < SlowStationarity)
            {
                return true;
            }

            (windowStationarity, windowEnd) = (lowestStationarity, steps + SlowWindow);
        }

        return objective.Dimension <= SmallDimension ? Stationarity <= options.NewtonThreshold : GapEstimate <= NewtonGap;
    }

    private void Publish()
    {
        (Objective, LogUnit) = (objective.Value, objective.LogUnit);
        Stationarity = objective.Stationarity;
        double square = Stationarity * Stationarity;
        // Between quasi-Newton steps in many variables it goes up and down while the gap falls: the geometric mean over a few of them.
        bool averages = IsLarge && !secondOrder && squaredStationarity > 0 && square > 0;
        squaredStationarity = averages ? Math.Pow(squaredStationarity, AverageMemory) * Math.Pow(square, 1 - AverageMemory) : square;
    }
}
