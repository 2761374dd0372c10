using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>Backtracking along the projection arc: x⁺ = P(x − t∇φ) with φ(x⁺) ≤ φ(x) + c·⟨∇φ, x⁺ − x⟩.</summary>
internal sealed class ArmijoRun : ProjectedGradientRun
{
    private readonly double[] difference;
    private double step;

    public ArmijoRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start)
        : base(program, options, start)
    {
        difference = new double[start.Length];
        step = StepFor(options.InitialStep) / options.StepGrowth;
    }

    public override void Iterate(IterationControl control)
    {
        step = Math.Min(step * Options.StepGrowth, StepFor(LongestStep));
        for (int trial = 0; trial <= Options.MaxBacktracks && !control.ShouldStop; trial++)
        {
            ProjectedStep(Current, step, Gradient);
            TensorPrimitives.Subtract(Trial, Current, difference);
            double slope = TensorPrimitives.Dot<double>(Gradient, difference);
            double value = Evaluate(Trial);
            if (slope < 0 && ToMerit(value) <= Merit + (Options.SufficientDecrease * slope))
            {
                Accept(value, Gradient);
                return;
            }

            step *= Options.StepReduction;
        }

        Stalled = !control.ShouldStop;
    }
}
