using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>The limited-memory BFGS approximation of an inverse Hessian (Nocedal's two-loop recursion). Owns its buffers.</summary>
internal sealed class LimitedMemory
{
    private readonly double[][] steps;
    private readonly double[][] changes;
    private readonly double[] inverseCurvature;
    private readonly double[] coefficients;
    private int count;
    private int next;

    public LimitedMemory(int dimension, int memory)
    {
        steps = Allocate(memory, dimension);
        changes = Allocate(memory, dimension);
        inverseCurvature = new double[memory];
        coefficients = new double[memory];
    }

    public void Clear() => (count, next) = (0, 0);

    /// <summary>Adds a step and the change of the gradient along it; ignored without positive curvature.</summary>
    public void Add(ReadOnlySpan<double> point, ReadOnlySpan<double> previousPoint, ReadOnlySpan<double> gradient, ReadOnlySpan<double> previousGradient)
    {
        double[] s = steps[next], y = changes[next];
        TensorPrimitives.Subtract(point, previousPoint, s);
        TensorPrimitives.Subtract(gradient, previousGradient, y);
        double curvature = TensorPrimitives.Dot<double>(s, y);
        if (!(curvature > 1e-16 * TensorPrimitives.Norm<double>(s) * TensorPrimitives.Norm<double>(y)))
        {
            return;
        }

        inverseCurvature[next] = 1 / curvature;
        next = (next + 1) % steps.Length;
        count = Math.Min(count + 1, steps.Length);
    }

    /// <summary>direction ← −H·gradient, with H₀ = (sᵀy/yᵀy)·I of the latest pair.</summary>
    /// <returns>False while there is no pair: then the direction is the steepest descent.</returns>
    public bool Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        for (int i = 1; i <= count; i++)
        {
            int j = (next - i + steps.Length) % steps.Length;
            coefficients[j] = inverseCurvature[j] * TensorPrimitives.Dot(steps[j], direction);
            TensorPrimitives.MultiplyAdd(changes[j], -coefficients[j], direction, direction);
        }

        if (count > 0)
        {
            int latest = (next - 1 + steps.Length) % steps.Length;
            TensorPrimitives.Multiply(direction, 1 / (inverseCurvature[latest] * TensorPrimitives.SumOfSquares<double>(changes[latest])), direction);
        }

        for (int i = count; i >= 1; i--)
        {
            int j = (next - i + steps.Length) % steps.Length;
            double beta = inverseCurvature[j] * TensorPrimitives.Dot(changes[j], direction);
            TensorPrimitives.MultiplyAdd(steps[j], coefficients[j] - beta, direction, direction);
        }

        return count > 0;
    }

    private static double[][] Allocate(int memory, int dimension) =>
        Enumerable.Range(0, memory).Select(_ => new double[dimension]).ToArray();
}
