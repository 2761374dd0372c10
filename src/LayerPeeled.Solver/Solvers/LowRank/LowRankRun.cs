using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Quasi-Newton steps until the point is nearly stationary, then trust-region Newton steps.</summary>
internal sealed class LowRankRun : SolverRun
{
    private const double SufficientDecrease = 1e-4;
    private const double CurvatureCondition = 0.9;
    private const int MaximumTrials = 30;
    private const double StepGrowth = 4;

    // Up to so many variables a Newton step costs little more than a quasi-Newton one; beyond, it has to be needed.
    private const int SmallDimension = 256;
    private const int SlowWindow = 100;
    private const double SlowReduction = 0.2;
    private const double SlowStationarity = 1e-2;

    private const int LargeGroupCount = 48;
    private const double AverageMemory = 0.7;

    // In large problems dying columns are looked for after this many steps, four times as many, and so on, and again near the end: at a gap of so
    // many times the tolerance, a fraction of that, and so on. It costs as much as two or three iterations.
    private const int FirstShedding = 8;
    private const int SheddingSpacing = 4;
    private const double LastSheddings = 1000;
    private const double SheddingInterval = 0.03;
    private const double Uncertainty = 4;

    // An open gap so many times the guess of it asks for columns that are missing.
    private const double DoubtfulGap = 30;
    private readonly NuclearNormProgram program;
    private readonly LowRankOptions options;
    private readonly int largestRank;
    private FactorObjective objective;
    private LimitedMemory memory;
    private double[] point;
    private double[] gradient;
    private double[] trialPoint;
    private double[] trialGradient;
    private double[] direction;
    private TrustRegionNewton? newton;
    private int nextShedding;
    private double sheddingGap;
    private bool rankInDoubt;
    private double value;
    private double squaredStationarity;
    private double lowestStationarity = double.PositiveInfinity;
    private double windowStationarity = double.PositiveInfinity;
    private int windowEnd = SlowWindow;
    private int steps;
    private bool secondOrder;
    private double lastStep = 1;

    public LowRankRun(NuclearNormProgram program, LowRankOptions options, GroupedFactors? start)
    {
        this.program = program;
        this.options = options;
        int rank = program.Model.Loss.IsShiftInvariant ? program.GroupCount - 1 : program.GroupCount;
        if (!program.IsReduced)
        {
            rank = Math.Min(rank, program.Model.FeatureDimension);
        }

        largestRank = rank;
        bool large = program.GroupCount >= LargeGroupCount;
        nextShedding = large ? FirstShedding : int.MaxValue;
        sheddingGap = large ? LastSheddings * options.RelativeGapTolerance : 0;
        objective = new FactorObjective(program, start is null ? rank : Math.Clamp(start.Rank, 1, rank));
        Begin(start is not null ? objective.FromFactors(start)
            : options.Start == LowRankStart.Random ? objective.Random(options.Seed)
            : objective.CentredIdentity());
        if (start is not null)
        {
            Extend();
        }

        Publish();
    }

    public override bool Polishing => Stationarity > options.PolishTolerance && !Stalled;

    public override bool MayEscape => rankInDoubt;

    // f − f* is about ½·gᵀH⁻¹g; on the spheres ‖g‖² = 2r·λ²·stationarity², and H⁻¹ is about 5/λ along the gradients that come up.
    public override double GapEstimate => 5 * squaredStationarity * program.Radius * objective.Multiplier / Objective;

    /// <summary>Whether the gap is that of the program itself also where it merges groups, rather than that of the model.</summary>
    public bool CertifiesWithinProgram { get; init; }

    // The guess is good to an order of magnitude, and an open certificate, which tries all its cuts, costs as much as dozens of iterations.
    public override int CertificateInterval => 250;

    public override GroupedFactors Point() => objective.ToFactors(point);

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

        if (!secondOrder && !NewtonPays() && QuasiNewtonStep())
        {
            Publish();
            if (steps >= nextShedding || GapEstimate < sheddingGap)
            {
                nextShedding = steps >= nextShedding ? SheddingSpacing * nextShedding : nextShedding;
                sheddingGap = Math.Min(sheddingGap, SheddingInterval * GapEstimate);
                if (ShedColumns())
                {
                    Publish();
                }
            }

            return;
        }

        secondOrder = true;
        newton ??= new TrustRegionNewton(objective, options.MaxInnerIterations);
        Stalled = !newton.Step(ref point, ref gradient, ref trialPoint, ref trialGradient, ref value, control) && !Extend();
        Publish();
    }

    [MemberNotNull(nameof(memory), nameof(point), nameof(gradient), nameof(trialPoint), nameof(trialGradient), nameof(direction))]
    private void Begin(double[] start)
    {
        point = start;
        memory = new LimitedMemory(point.Length, options.Memory);
        gradient = new double[point.Length];
        trialPoint = new double[point.Length];
        trialGradient = new double[point.Length];
        direction = new double[point.Length];
        value = objective.Evaluate(point, gradient);
        (newton, secondOrder) = (null, false);
    }

    // On the way to a collapsed solution columns die out, at the cost of all the others; near the optimum what is left of the gap is often the
    // loss that the last few of them cause.
    private bool ShedColumns()
    {
        double certainty = Math.Max(0, 1 - (Uncertainty * Stationarity));
        if (objective.WithoutDyingColumns(point, certainty, out int rank) is not { } shed)
        {
            return false;
        }

        if (rank < objective.Rank)
        {
            var smaller = new FactorObjective(program, rank);
            if (!(smaller.Evaluate(shed, new double[shed.Length]) < value))
            {
                return false;
            }

            objective = smaller;
            Begin(shed);
            return true;
        }

        double shedValue = objective.Evaluate(shed, trialGradient);
        if (!(shedValue < value))
        {
            value = objective.Evaluate(point, gradient);
            return false;
        }

        memory.Add(shed, point, trialGradient, gradient);
        (point, value) = (shed, shedValue);
        (gradient, trialGradient) = (trialGradient, gradient);
        return true;
    }

    // True if the point was stationary for lack of columns only, which it has now.
    private bool Extend()
    {
        if (objective.Extend(point, largestRank, out int rank) is not { } extended)
        {
            return false;
        }

        objective = new FactorObjective(program, rank);
        Begin(extended);
        nextShedding = int.MaxValue;
        return true;
    }

    // In a small problem once it is nearly stationary; in a large one when quasi-Newton steps have become slow.
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

        return point.Length <= SmallDimension && Stationarity <= options.NewtonThreshold;
    }

    private void Publish()
    {
        (Objective, LogUnit) = (objective.Value, objective.LogUnit);
        Stationarity = objective.Stationarity;
        double square = Stationarity * Stationarity;
        // Between quasi-Newton steps in many variables it goes up and down while the gap falls: the geometric mean over a few of them.
        bool averages = program.GroupCount >= LargeGroupCount && !secondOrder && squaredStationarity > 0 && square > 0;
        squaredStationarity = averages ? Math.Pow(squaredStationarity, AverageMemory) * Math.Pow(square, 1 - AverageMemory) : square;
    }

    // False when the line search finds no better point: then the second-order phase takes over.
    private bool QuasiNewtonStep()
    {
        bool scaled = memory.Direction(gradient, direction);
        double slope = TensorPrimitives.Dot<double>(gradient, direction);
        if (!(slope < 0))
        {
            memory.Clear();
            scaled = memory.Direction(gradient, direction);
            slope = TensorPrimitives.Dot<double>(gradient, direction);
        }

        // After a step that had to be shortened the next one seldom has length one. The first moves by a tenth of the point's own size: φ is of order one.
        double step = scaled ? Math.Min(1, StepGrowth * lastStep) : 0.1 * TensorPrimitives.Norm<double>(point) / TensorPrimitives.Norm<double>(direction);
        double low = 0, high = double.PositiveInfinity;
        for (int trial = 0; trial < MaximumTrials; trial++)
        {
            TensorPrimitives.MultiplyAdd(direction, step, point, trialPoint);
            double trialValue = objective.Evaluate(trialPoint, trialGradient);
            double trialSlope = TensorPrimitives.Dot<double>(trialGradient, direction);
            // Near the optimum values agree to roundoff: then the slopes decide (Hager and Zhang's approximate Wolfe conditions).
            double noise = FactorObjective.Noise * (1 + Math.Abs(value));
            bool decreases = trialValue <= value + (SufficientDecrease * step * slope)
                || (trialValue <= value + noise && trialSlope <= -0.8 * slope);
            if (!decreases || !double.IsFinite(trialSlope))
            {
                high = step;
                step = Interpolate(low, high, step, trialValue, slope);
            }
            else if (trialSlope < CurvatureCondition * slope && trial < MaximumTrials - 1)
            {
                low = step;
                step = double.IsInfinity(high) ? 2 * step : 0.5 * (low + high);
            }
            else
            {
                memory.Add(trialPoint, point, trialGradient, gradient);
                (point, trialPoint) = (trialPoint, point);
                (gradient, trialGradient) = (trialGradient, gradient);
                value = trialValue;
                lastStep = scaled ? step : 1;
                return true;
            }
        }

        value = objective.Evaluate(point, gradient);
        return false;
    }

    private double Interpolate(double low, double high, double step, double trialValue, double slope)
    {
        if (low > 0 || !double.IsFinite(trialValue))
        {
            return 0.5 * (low + high);
        }

        // Minimiser of the parabola through φ(0), φ'(0), φ(step), kept inside the bracket
        double parabola = -slope * step * step / (2 * (trialValue - value - (slope * step)));
        return Math.Clamp(parabola, 0.1 * step, 0.6 * step);
    }
}
