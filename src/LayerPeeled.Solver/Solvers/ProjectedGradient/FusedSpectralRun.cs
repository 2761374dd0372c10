using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary><see cref="SpectralRun"/> with one pass over the features a trial point.</summary>
internal sealed class FusedSpectralRun : FusedRun
{
    private readonly double[] direction;
    private readonly double[] recent;
    private readonly double[] alpha;
    private readonly double[] beta;
    private double step;
    private int iteration;

    public FusedSpectralRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start)
        : base(program, options, start)
    {
        direction = new double[Current.Classifier.Length];
        alpha = new double[Alpha.Length];
        beta = new double[Beta.Length];
        recent = new double[options.Memory];
        Array.Fill(recent, double.NegativeInfinity);
        step = StepFor(options.InitialStep);
    }

    public override void Iterate(IterationControl control)
    {
        recent[iteration++ % recent.Length] = Merit;
        double reference = TensorPrimitives.Max<double>(recent) + MeritNoise, factor = GradientFactor;
        ProjectedStep(step * factor, History.Trial.Classifier);
        TensorPrimitives.Subtract(History.Trial.Classifier, Current.Classifier, direction);
        double slope = factor * (TensorPrimitives.Dot<double>(Current.Gradient, direction) + FeatureSlope()), fraction = 1;
        double length2 = TensorPrimitives.SumOfSquares<double>(direction) + SquaredMove();
        for (int trial = 0; trial <= Options.MaxBacktracks && !control.ShouldStop; trial++)
        {
            // x + θd: h ← (1 + θ(α − 1))·h − θβ·Wᵀg
            for (int k = 0; k < alpha.Length; k++)
            {
                alpha[k] = fraction == 1 ? Alpha[k] : 1 + (fraction * (Alpha[k] - 1));
                beta[k] = fraction * Beta[k];
            }

            History.Evaluate(alpha, beta);
            double merit = ToMerit(History.Trial.Value);
            if (merit <= reference + (Options.SufficientDecrease * fraction * slope))
            {
                step = SpectralStep(fraction, slope, length2);
                return;
            }

            double parabola = -slope * fraction * fraction / (2 * (merit - Merit - (slope * fraction)));
            fraction = parabola >= 0.1 * fraction && parabola <= 0.5 * fraction ? parabola : 0.5 * fraction;
            TensorPrimitives.MultiplyAdd(direction, fraction, Current.Classifier, History.Trial.Classifier);
        }

        Stalled = !control.ShouldStop;
    }

    // ⟨∇_H f, d⟩
    private double FeatureSlope()
    {
        double sum = 0;
        for (int k = 0; k < Alpha.Length; k++)
        {
            sum += ((Alpha[k] - 1) * Current.SlopeLogits[k]) - (Beta[k] * Current.SlopeGram[k]);
        }

        return sum;
    }

    // Accepts the trial point. s = θd, y = ∇φ⁺ − ∇φ; negative curvature asks for the longest step
    private double SpectralStep(double fraction, double slope, double length2)
    {
        SampleHistory.State next = History.Trial;
        double newSlope = TensorPrimitives.Dot<double>(direction, next.Gradient);
        for (int k = 0; k < alpha.Length; k++)
        {
            // ⟨∇_h f⁺, θd⟩ = (α − 1)·⟨W⁺h, g⁺⟩ + ⟨W⁺(−βWᵀg), g⁺⟩
            newSlope += (((alpha[k] - 1) * next.SlopeOldLogits[k]) + next.SlopeStepLogits[k]) / fraction;
        }

        Accept();
        double curvature = ((newSlope * GradientFactor) - slope) / fraction;
        double length = length2 / curvature, longest = StepFor(LongestStep), shortest = StepFor(ShortestStep);
        return curvature > 0 ? Math.Clamp(length, shortest, longest) : longest;
    }
}
