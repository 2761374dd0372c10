using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Programs.Orbits;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>Quasi-Newton and then Newton steps on the numbers of the orbits. Points are those of the whole model, and so are their certificates.</summary>
internal sealed class OrbitRun : SolverRun
{
    private const int Memory = 20;
    private const int MaxInnerIterations = 1000;

    // Newton steps begin here, or where quasi-Newton steps have become slow.
    private const double NewtonStationarity = 1e-3;
    private readonly SoftTargetProgram whole;
    private readonly NuclearNormProgram program;
    private readonly OrbitProgram orbits;
    private readonly SolverOptions options;
    private readonly OrbitObjective objective;
    private readonly FactorIterate iterate;
    private readonly QuasiNewton quasiNewton;
    private TrustRegionNewton? newton;
    private ErrorEstimate error = ErrorEstimate.Unknown;
    private double multiplierChange = double.PositiveInfinity;
    private double windowStationarity = double.PositiveInfinity;
    private double lowestStationarity = double.PositiveInfinity;
    private int steps;

    /// <param name="orbits">The program over orbits.</param>
    /// <param name="whole">The model as one of columns.</param>
    /// <param name="program">Its program.</param>
    /// <param name="options">When to stop.</param>
    public OrbitRun(OrbitProgram orbits, SoftTargetProgram whole, NuclearNormProgram program, SolverOptions options)
    {
        (this.orbits, this.whole, this.program, this.options) = (orbits, whole, program, options);
        objective = new OrbitObjective(orbits);
        iterate = new FactorIterate(objective, objective.Start());
        quasiNewton = new QuasiNewton(objective.Dimension, Memory);
        Publish();
    }

    // A certificate is one of the whole model, at the cost of hundreds of iterations: it waits until the geometry is as accurate as asked for.
    public override double GapEstimate => Polishing ? double.PositiveInfinity : 5 * Stationarity * Stationarity * objective.Radius * Math.Abs(objective.Multiplier) / Objective;

    public override int CertificateInterval => int.MaxValue / 2;

    public override ErrorEstimate Error => error;

    public override bool Polishing => !Stalled && (error.Multiplier > options.MultiplierErrorTolerance
        || (options.GeometryErrorTolerance < 1 && error.Geometry > options.GeometryErrorTolerance));

    public override GroupedFactors Point() => orbits.Factors(whole, program, objective.Logits);

    public override void Iterate(IterationControl control)
    {
        if (newton is null && !NewtonPays() && quasiNewton.Step(iterate, control))
        {
            Publish();
            return;
        }

        newton ??= new TrustRegionNewton(objective, MaxInnerIterations);
        (double stationarity, double multiplier) = (Stationarity, Math.Log(objective.Multiplier));
        Stalled = !newton.Step(iterate, control);
        Publish();
        double earlier = LowRankTuning.MultiplierErrorOfEarlierStep * multiplierChange;
        multiplierChange = Math.Abs(Math.Log(objective.Multiplier) - multiplier);
        error = new ErrorEstimate(
            LowRankTuning.ErrorOfStep * newton.LargestChange * Math.Min(1, Stationarity / stationarity),
            Math.Max(LowRankTuning.MultiplierErrorOfStep * multiplierChange, earlier));
    }

    private bool NewtonPays()
    {
        lowestStationarity = Math.Min(lowestStationarity, Stationarity);
        if (++steps % LowRankTuning.SlowWindow == 0)
        {
            if (lowestStationarity > LowRankTuning.SlowReduction * windowStationarity && lowestStationarity < LowRankTuning.SlowStationarity)
            {
                return true;
            }

            windowStationarity = lowestStationarity;
        }

        return Stationarity <= NewtonStationarity;
    }

    private void Publish() => (Objective, Stationarity) = (objective.Value, objective.Stationarity);
}
