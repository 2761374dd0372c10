using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>x ← P(x − ∇f(x)/L).</summary>
internal sealed class ConstantStepRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start, double lipschitzConstant)
    : ProjectedGradientRun(program, options, start, meritIsValue: true)
{
    public override void Iterate(IterationControl control)
    {
        ProjectedStep(Current, 1 / lipschitzConstant, Gradient);
        Accept(Evaluate(Trial), Gradient);
    }
}
