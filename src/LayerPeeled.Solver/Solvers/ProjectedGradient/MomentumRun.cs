using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// Nesterov's method: x⁺ = P(y − t∇φ(y)), y⁺ = x⁺ + β(x⁺ − x), t found by backtracking on φ(x⁺) ≤ φ(y) + ⟨∇φ(y), x⁺ − y⟩ + ‖x⁺ − y‖²/2t.
/// </summary>
internal sealed class MomentumRun : ProjectedGradientRun
{
    private readonly double[] ahead;
    private readonly double[] aheadGradient;
    private readonly double[] difference;
    private double aheadMerit;
    private double step;
    private double theta = 1;

    public MomentumRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start)
        : base(program, options, start)
    {
        ahead = new double[start.Length];
        aheadGradient = new double[start.Length];
        difference = new double[start.Length];
        step = StepFor(options.InitialStep) / options.StepGrowth;
        DropMomentum();
    }

    public override void Iterate(IterationControl control)
    {
        step = Math.Min(step * Options.StepGrowth, StepFor(LongestStep));
        for (int trial = 0; trial <= Options.MaxBacktracks && !control.ShouldStop; trial++)
        {
            ProjectedStep(ahead, step, aheadGradient);
            TensorPrimitives.Subtract(Trial, ahead, difference);
            double value = Evaluate(Trial), merit = ToMerit(value);
            double model = aheadMerit + TensorPrimitives.Dot<double>(aheadGradient, difference)
                + (TensorPrimitives.SumOfSquares<double>(difference) / (2 * step));
            if (!(merit <= model + MeritNoise))
            {
                step *= Options.StepReduction;
            }
            else if (theta > 1 && merit > Merit && Options.Restart is MomentumRestart.Function or MomentumRestart.Either)
            {
                DropMomentum();
            }
            else
            {
                Move(value);
                return;
            }
        }

        Stalled = !control.ShouldStop;
    }

    private void Move(double value)
    {
        bool restart = false;
        if (Options.Restart is MomentumRestart.Gradient or MomentumRestart.Either)
        {
            // ⟨y − x⁺, x⁺ − x⟩ > 0
            restart = -(TensorPrimitives.Dot<double>(difference, Trial) - TensorPrimitives.Dot<double>(difference, Current)) > 0;
        }

        TensorPrimitives.Subtract(Trial, Current, difference);
        Accept(value, Gradient);
        if (restart)
        {
            DropMomentum();
            return;
        }

        double next = 0.5 * (1 + Math.Sqrt(1 + (4 * theta * theta)));
        TensorPrimitives.MultiplyAdd(difference, (theta - 1) / next, Current, ahead);
        theta = next;
        double aheadValue = Evaluate(ahead);
        aheadMerit = ToMerit(aheadValue);
        MeritGradient(ahead, aheadValue, aheadGradient);
    }

    // y = x
    private void DropMomentum()
    {
        theta = 1;
        Current.CopyTo(ahead, 0);
        Gradient.CopyTo(aheadGradient, 0);
        aheadMerit = Merit;
    }
}
