using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The limited-memory BFGS approximation of an inverse Hessian. The two-loop recursion runs on inner products only (Chen, Wang and Zhou,
/// "Large-scale L-BFGS using MapReduce", 2014), so that a step reads each stored vector twice, once for its products and once for the
/// direction, in blocks that stay in cache. Owns its buffers.
/// </summary>
internal sealed class LimitedMemory
{
    private const int Block = 1024;
    private readonly int memory;

    // Slots 0…m−1 hold steps s, m…2m−1 the changes y of the gradient; products[i, j] = ⟨v_i, v_j⟩.
    private readonly double[][] vectors;
    private readonly double[,] products;
    private readonly double[] alongGradient;
    private readonly double[] coefficients;
    private int count;
    private int next;

    public LimitedMemory(int dimension, int memory)
    {
        this.memory = memory;
        vectors = Enumerable.Range(0, 2 * memory).Select(_ => new double[dimension]).ToArray();
        products = new double[2 * memory, 2 * memory];
        alongGradient = new double[2 * memory];
        coefficients = new double[2 * memory];
    }

    public void Clear() => (count, next) = (0, 0);

    /// <summary>Adds a step and the change of the gradient along it; ignored without positive curvature.</summary>
    public void Add(ReadOnlySpan<double> point, ReadOnlySpan<double> previousPoint, ReadOnlySpan<double> gradient, ReadOnlySpan<double> previousGradient)
    {
        double[] step = vectors[next], change = vectors[memory + next];
        int kept = Math.Min(count + 1, memory);
        for (int slot = 0; slot < kept; slot++)
        {
            Forget(slot);
            Forget(memory + slot);
        }

        // Every stored vector is read once, for its products with s, y and the gradient that the next direction needs.
        for (int start = 0; start < step.Length; start += Block)
        {
            int length = Math.Min(Block, step.Length - start);
            Span<double> s = step.AsSpan(start, length), y = change.AsSpan(start, length);
            ReadOnlySpan<double> g = gradient.Slice(start, length);
            TensorPrimitives.Subtract(point.Slice(start, length), previousPoint.Slice(start, length), s);
            TensorPrimitives.Subtract(g, previousGradient.Slice(start, length), y);
            for (int slot = 0; slot < kept; slot++)
            {
                AddProducts(slot, start, s, y, g);
                AddProducts(memory + slot, start, s, y, g);
            }
        }

        for (int slot = 0; slot < kept; slot++)
        {
            Mirror(slot);
            Mirror(memory + slot);
        }

        double curvature = products[next, memory + next];
        if (!(curvature > 1e-16 * Math.Sqrt(products[next, next] * products[memory + next, memory + next])))
        {
            // The slot is now spoilt: without the oldest pair if it was in use.
            count = Math.Min(count, memory - 1);
            return;
        }

        next = (next + 1) % memory;
        count = kept;
    }

    /// <summary>direction ← −H·gradient, with H₀ = (sᵀy/yᵀy)·I of the latest pair.</summary>
    /// <param name="gradient">The gradient that came with the last <see cref="Add"/>.</param>
    /// <param name="direction">Receives the direction.</param>
    /// <returns>False while there is no pair: then the direction is the steepest descent.</returns>
    public bool Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        if (count == 0)
        {
            TensorPrimitives.Negate(gradient, direction);
            return false;
        }

        Array.Clear(coefficients);
        // The direction is −γ·g + Σ c_i v_i throughout; first loop with γ = 1.
        Span<double> alpha = stackalloc double[memory];
        for (int i = 1; i <= count; i++)
        {
            int slot = Slot(i);
            alpha[slot] = Inner(slot, 1) / products[slot, memory + slot];
            coefficients[memory + slot] -= alpha[slot];
        }

        int latest = Slot(1);
        double gamma = products[latest, memory + latest] / products[memory + latest, memory + latest];
        TensorPrimitives.Multiply(coefficients, gamma, coefficients);
        for (int i = count; i >= 1; i--)
        {
            int slot = Slot(i);
            coefficients[slot] += alpha[slot] - (Inner(memory + slot, gamma) / products[slot, memory + slot]);
        }

        Combine(gradient, gamma, direction);
        return true;
    }

    private int Slot(int age) => (next - age + (2 * memory)) % memory;

    private void Forget(int vector) => products[vector, next] = products[vector, memory + next] = alongGradient[vector] = 0;

    private void AddProducts(int vector, int start, ReadOnlySpan<double> s, ReadOnlySpan<double> y, ReadOnlySpan<double> gradient)
    {
        ReadOnlySpan<double> v = vectors[vector].AsSpan(start, s.Length);
        products[vector, next] += TensorPrimitives.Dot(v, s);
        products[vector, memory + next] += TensorPrimitives.Dot(v, y);
        alongGradient[vector] += TensorPrimitives.Dot(v, gradient);
    }

    private void Mirror(int vector)
    {
        products[next, vector] = products[vector, next];
        products[memory + next, vector] = products[vector, memory + next];
    }

    // ⟨v, −γ·g + Σ c_i v_i⟩
    private double Inner(int vector, double gamma)
    {
        double sum = -gamma * alongGradient[vector];
        for (int i = 1; i <= count; i++)
        {
            int slot = Slot(i);
            sum += (coefficients[slot] * products[vector, slot]) + (coefficients[memory + slot] * products[vector, memory + slot]);
        }

        return sum;
    }

    private void Combine(ReadOnlySpan<double> gradient, double gamma, Span<double> direction)
    {
        for (int start = 0; start < direction.Length; start += Block)
        {
            int length = Math.Min(Block, direction.Length - start);
            Span<double> block = direction.Slice(start, length);
            TensorPrimitives.Multiply(gradient.Slice(start, length), -gamma, block);
            for (int i = 1; i <= count; i++)
            {
                int slot = Slot(i);
                TensorPrimitives.MultiplyAdd(vectors[slot].AsSpan(start, length), coefficients[slot], block, block);
                TensorPrimitives.MultiplyAdd(vectors[memory + slot].AsSpan(start, length), coefficients[memory + slot], block, block);
            }
        }
    }
}
