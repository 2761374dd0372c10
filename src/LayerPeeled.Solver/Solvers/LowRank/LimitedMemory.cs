using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The limited-memory BFGS approximation of an inverse Hessian. The two-loop recursion runs on inner products only (Chen, Wang and Zhou,
/// "Large-scale L-BFGS using MapReduce", 2014), so that a step reads each stored vector twice, in blocks that stay in cache. Owns its buffers.
/// </summary>
internal sealed class LimitedMemory
{
    private const int Block = 2048;
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
        double[] s = vectors[next], y = vectors[memory + next];
        TensorPrimitives.Subtract(point, previousPoint, s);
        TensorPrimitives.Subtract(gradient, previousGradient, y);
        int kept = Math.Min(count + 1, memory);
        for (int slot = 0; slot < kept; slot++)
        {
            SetProducts(slot, s, y);
            SetProducts(memory + slot, s, y);
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
    /// <returns>False while there is no pair: then the direction is the steepest descent.</returns>
    public bool Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        if (count == 0)
        {
            TensorPrimitives.Negate(gradient, direction);
            return false;
        }

        Array.Clear(coefficients);
        for (int i = 1; i <= count; i++)
        {
            int slot = Slot(i);
            alongGradient[slot] = TensorPrimitives.Dot(vectors[slot], gradient);
            alongGradient[memory + slot] = TensorPrimitives.Dot(vectors[memory + slot], gradient);
        }

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

    private void SetProducts(int slot, double[] s, double[] y)
    {
        products[slot, next] = products[next, slot] = TensorPrimitives.Dot<double>(vectors[slot], s);
        products[slot, memory + next] = products[memory + next, slot] = TensorPrimitives.Dot<double>(vectors[slot], y);
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
