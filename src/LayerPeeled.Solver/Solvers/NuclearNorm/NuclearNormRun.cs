using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>The state of one solve by accelerated projected gradient.</summary>
internal sealed class NuclearNormRun : SolverRun
{
    private readonly NuclearNormProgram program;
    private readonly AcceleratedProjection iteration;

    public NuclearNormRun(NuclearNormProgram program, GroupedMatrix start, NuclearNormOptions options)
    {
        this.program = program;
        // Values of one run are compared with each other, so all of them have the unit of the start.
        LogUnit = program.LogUnit(start);
        iteration = new AcceleratedProjection(new SpectralObjective(program, LogUnit), start, SpectralStart.Reach(program), options.StepGrowth, options.Acceleration);
        iteration.Step = SpectralStart.CauchyStep(program, iteration.Current, iteration.CurrentGradient, LogUnit);
        Objective = iteration.Value;
    }

    public override void Iterate(IterationControl control)
    {
        iteration.Iterate(control);
        Objective = iteration.Value;
        Stationarity = iteration.Stationarity;
        Stalled = iteration.Stalled;
    }

    public override GroupedFactors Point() => GroupedFactors.FromLogits(program, iteration.Current);
}
