using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// Spectral projected gradient: d = P(x − t∇φ) − x with the Barzilai–Borwein length t = ⟨s, s⟩/⟨s, y⟩, then x⁺ = x + θd, θ ≤ 1, below the
/// worst of the last values.
/// </summary>
internal sealed class SpectralRun : ProjectedGradientRun
{
    private readonly double[] direction;
    private readonly double[] recent;
    private double[] spareGradient;
    private double step;
    private int iteration;

    public SpectralRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start)
        : base(program, options, start)
    {
        direction = new double[start.Length];
        spareGradient = new double[start.Length];
        recent = new double[options.Memory];
        Array.Fill(recent, double.NegativeInfinity);
        step = StepFor(options.InitialStep);
    }

    public override void Iterate(IterationControl control)
    {
        recent[iteration++ % recent.Length] = Merit;
        double reference = TensorPrimitives.Max<double>(recent) + MeritNoise;
        ProjectedStep(Current, step, Gradient);
        TensorPrimitives.Subtract(Trial, Current, direction);
        double slope = TensorPrimitives.Dot<double>(Gradient, direction), fraction = 1;
        for (int trial = 0; trial <= Options.MaxBacktracks && !control.ShouldStop; trial++)
        {
            double value = Evaluate(Trial), merit = ToMerit(value);
            if (merit <= reference + (Options.SufficientDecrease * fraction * slope))
            {
                spareGradient = Accept(value, spareGradient);
                step = SpectralStep(fraction);
                return;
            }

            // Minimiser of the parabola through φ(0), φ'(0), φ(θ), safeguarded
            double parabola = -slope * fraction * fraction / (2 * (merit - Merit - (slope * fraction)));
            fraction = parabola >= 0.1 * fraction && parabola <= 0.5 * fraction ? parabola : 0.5 * fraction;
            TensorPrimitives.MultiplyAdd(direction, fraction, Current, Trial);
        }

        Stalled = !control.ShouldStop;
    }

    // s = θd, y = ∇φ⁺ − ∇φ; negative curvature asks for the longest step
    private double SpectralStep(double fraction)
    {
        double curvature = (TensorPrimitives.Dot<double>(direction, Gradient) - TensorPrimitives.Dot<double>(direction, spareGradient)) / fraction;
        double length = TensorPrimitives.SumOfSquares<double>(direction) / curvature;
        double longest = StepFor(LongestStep), shortest = StepFor(ShortestStep);
        return curvature > 0 ? Math.Clamp(length, shortest, longest) : longest;
    }
}
