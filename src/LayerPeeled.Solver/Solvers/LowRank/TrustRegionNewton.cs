using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// Newton's method with a trust region; the model is minimised by truncated conjugate gradients (Steihaug, Toint). The Hessian is singular
/// along rotations of the common coordinates, in which nothing changes: conjugate gradients never leave its range.
/// </summary>
internal sealed class TrustRegionNewton(FactorObjective objective, int maxInnerIterations)
{
    private readonly double[] step = new double[objective.Dimension];
    private readonly double[] residual = new double[objective.Dimension];
    private readonly double[] search = new double[objective.Dimension];
    private readonly double[] product = new double[objective.Dimension];
    private double radius = double.NaN;

    /// <summary>One accepted step, with as many reductions of the region as it takes.</summary>
    /// <returns>False when no step makes progress any more.</returns>
    public bool Step(
        ref double[] point, ref double[] gradient, ref double[] trialPoint, ref double[] trialGradient, ref double value, IterationControl control)
    {
        double size = TensorPrimitives.Norm<double>(point);
        if (double.IsNaN(radius))
        {
            radius = 0.1 * size;
        }

        double stationarity = objective.Stationarity;
        while (radius > 1e-14 * size)
        {
            double predicted = Minimise(gradient, stationarity, control);
            double length = TensorPrimitives.Norm<double>(step);
            TensorPrimitives.Add(point, step, trialPoint);
            double trialValue = objective.Evaluate(trialPoint, trialGradient);
            double actual = value - trialValue;
            // Decreases below the roundoff of φ cannot be measured: then a smaller gradient is the progress.
            double noise = FactorObjective.Noise * (1 + Math.Abs(value));
            bool measurable = predicted > noise;
            bool accept = measurable ? actual > 0.05 * predicted : actual > -noise && objective.Stationarity < 0.9 * stationarity;
            double ratio = actual / predicted;
            if (!measurable && !accept)
            {
                break;
            }

            if (measurable && !(ratio > 0.25))
            {
                radius = 0.25 * Math.Min(radius, length);
            }
            else if (length > 0.9 * radius && (!measurable || ratio > 0.75))
            {
                radius *= 3;
            }

            if (accept)
            {
                (point, trialPoint) = (trialPoint, point);
                (gradient, trialGradient) = (trialGradient, gradient);
                value = trialValue;
                return true;
            }

            value = objective.Evaluate(point, gradient);
            if (control.ShouldStop)
            {
                return true;
            }
        }

        value = objective.Evaluate(point, gradient);
        return false;
    }

    // Fills step; returns the decrease that the quadratic model predicts.
    private double Minimise(double[] gradient, double stationarity, IterationControl control)
    {
        Array.Clear(step);
        TensorPrimitives.Negate(gradient, residual);
        residual.CopyTo(search, 0);
        double square = TensorPrimitives.SumOfSquares<double>(residual), predicted = 0;
        // The more stationary the point, the more accurate the solve; but along the rotations the residual is roundoff that never falls.
        double target = square * Math.Pow(Math.Clamp(stationarity, 1e-3, 0.1), 2);
        for (int i = 0; i < maxInnerIterations && square > target && !control.ShouldStop; i++)
        {
            objective.CurvatureProduct(gradient, search, product);
            double curvature = TensorPrimitives.Dot<double>(search, product);
            double along = curvature > 0 ? square / curvature : double.PositiveInfinity;
            double boundary = ToBoundary();
            if (!(curvature > 0) || along >= boundary)
            {
                TensorPrimitives.MultiplyAdd(search, boundary, step, step);
                return predicted + (boundary * square) - (0.5 * boundary * boundary * curvature);
            }

            TensorPrimitives.MultiplyAdd(search, along, step, step);
            TensorPrimitives.MultiplyAdd(product, -along, residual, residual);
            predicted += 0.5 * along * square;
            double next = TensorPrimitives.SumOfSquares<double>(residual);
            TensorPrimitives.MultiplyAdd(search, next / square, residual, search);
            square = next;
        }

        return predicted;
    }

    // τ > 0 with ‖step + τ·search‖ = radius
    private double ToBoundary()
    {
        double a = TensorPrimitives.SumOfSquares<double>(search), b = TensorPrimitives.Dot<double>(search, step);
        double c = TensorPrimitives.SumOfSquares<double>(step) - (radius * radius);
        return (-b + Math.Sqrt(Math.Max(0, (b * b) - (a * c)))) / a;
    }
}
