using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary><see cref="ConstantStepRun"/> with one pass over the features an iteration.</summary>
internal sealed class FusedConstantRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start, double lipschitzConstant)
    : FusedRun(program, options, start, meritIsValue: true)
{
    public override void Iterate(IterationControl control)
    {
        ProjectedStep(1 / lipschitzConstant, History.Trial.Classifier);
        History.Evaluate(Alpha, Beta);
        Accept();
    }
}
