using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Limited-memory quasi-Newton steps with a line search for the Wolfe conditions.</summary>
internal sealed class QuasiNewton
{
    private const double SufficientDecrease = 1e-4;
    private const double CurvatureCondition = 0.9;
    private const int MaximumTrials = 30;
    private const double StepGrowth = 4;
    private readonly LimitedMemory memory;
    private readonly double[] direction;
    private double lastStep = 1;

    public QuasiNewton(int dimension, int memoryLength)
    {
        memory = new LimitedMemory(dimension, memoryLength);
        direction = new double[dimension];
    }

    /// <summary>Tells the memory of a step to the trial point that was made for other reasons, before it is accepted.</summary>
    public void Learn(FactorIterate iterate) => memory.Add(iterate.TrialPoint, iterate.Point, iterate.TrialGradient, iterate.Gradient);

    /// <summary>One step, or none when it is time to stop.</summary>
    /// <returns>False when the line search finds no better point; then the iterate is where it was.</returns>
    public bool Step(FactorIterate iterate, IterationControl control)
    {
        double[] gradient = iterate.Gradient;
        bool scaled = memory.Direction(gradient, direction);
        double slope = TensorPrimitives.Dot<double>(gradient, direction);
        if (!(slope < 0))
        {
            memory.Clear();
            scaled = memory.Direction(gradient, direction);
            slope = TensorPrimitives.Dot<double>(gradient, direction);
        }

        // After a step that had to be shortened the next one seldom has length one. The first moves by a tenth of the point's own size, or of one: φ is of order one.
        double step = scaled
            ? Math.Min(1, StepGrowth * lastStep)
            : 0.1 * Size(iterate.Point) / TensorPrimitives.Norm<double>(direction);
        double low = 0, high = double.PositiveInfinity;
        for (int trial = 0; trial < MaximumTrials; trial++)
        {
            if (trial > 0 && control.ShouldStop)
            {
                iterate.Return();
                return true;
            }

            TensorPrimitives.MultiplyAdd(direction, step, iterate.Point, iterate.TrialPoint);
            double trialValue = iterate.EvaluateTrial();
            double trialSlope = TensorPrimitives.Dot<double>(iterate.TrialGradient, direction);
            // Near the optimum values agree to roundoff: then the slopes decide (Hager and Zhang's approximate Wolfe conditions).
            bool decreases = trialValue <= iterate.Value + (SufficientDecrease * step * slope)
                || (trialValue <= iterate.Value + iterate.Noise && trialSlope <= -0.8 * slope);
            if (!decreases || !double.IsFinite(trialSlope))
            {
                high = step;
                step = Interpolate(low, step, trialValue - iterate.Value, slope);
            }
            else if (trialSlope < CurvatureCondition * slope && trial < MaximumTrials - 1)
            {
                low = step;
                step = double.IsInfinity(high) ? 2 * step : 0.5 * (low + high);
            }
            else
            {
                Learn(iterate);
                iterate.Accept(trialValue);
                lastStep = scaled ? step : 1;
                return true;
            }
        }

        iterate.Return();
        return false;
    }

    private static double Size(double[] point) => TensorPrimitives.Norm<double>(point) is double norm and > 0 ? norm : 1;

    private static double Interpolate(double low, double step, double increase, double slope)
    {
        if (low > 0 || !double.IsFinite(increase))
        {
            return 0.5 * (low + step);
        }

        // Minimiser of the parabola through φ(0), φ'(0), φ(step), kept inside the bracket
        double parabola = -slope * step * step / (2 * (increase - (slope * step)));
        return Math.Clamp(parabola, 0.1 * step, 0.6 * step);
    }
}
