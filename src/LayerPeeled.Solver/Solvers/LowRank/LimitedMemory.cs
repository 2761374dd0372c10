using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The limited-memory BFGS approximation of an inverse Hessian. The two-loop recursion runs on inner products only (Chen, Wang and Zhou,
/// "Large-scale L-BFGS using MapReduce", 2014), so that a step reads each stored vector twice, once for its products and once for the
/// direction, in blocks that stay in cache. Owns its buffers.
/// </summary>
internal sealed class LimitedMemory
{
    private const int Block = 1024;

    // Vectors are cut in parts of this length whatever the number of threads, so that sums do not depend on it.
    private const int Part = 16 * Block;
    private const int LeastParallelParts = 3;
    private readonly int memory;

    // Slots 0…m−1 hold steps s, m…2m−1 the changes y of the gradient; products[i, j] = ⟨v_i, v_j⟩. Seven digits of them are plenty for a direction.
    private float[][] vectors = [];
    private readonly double[,] products;
    private readonly double[] alongGradient;
    private readonly double[] coefficients;

    // Of each part: its products of each vector with s, y and the gradient.
    private readonly double[] partSums;
    private int count;
    private int next;

    public LimitedMemory(int dimension, int memory)
    {
        this.memory = memory;
        products = new double[2 * memory, 2 * memory];
        alongGradient = new double[2 * memory];
        coefficients = new double[2 * memory];
        partSums = new double[PartCount(dimension) * 6 * memory];
    }

    public void Clear() => (count, next) = (0, 0);

    /// <summary>Adds a step and the change of the gradient along it; ignored without positive curvature.</summary>
    public void Add(double[] point, double[] previousPoint, double[] gradient, double[] previousGradient)
    {
        if (vectors.Length == 0)
        {
            // Not before: near the optimum a memory is often made and never used.
            vectors = Vectors(2 * memory, point.Length);
        }

        int kept = Math.Min(count + 1, memory), parts = PartCount(point.Length);
        if (Threads(parts) is int threads and > 1)
        {
            AddParallel(threads, parts, kept, point, previousPoint, gradient, previousGradient);
        }
        else
        {
            for (int part = 0; part < parts; part++)
            {
                AddPart(part, kept, point, previousPoint, gradient, previousGradient);
            }
        }

        for (int slot = 0; slot < kept; slot++)
        {
            SumProducts(slot, parts);
            SumProducts(memory + slot, parts);
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
    public bool Direction(double[] gradient, double[] direction)
    {
        if (count == 0)
        {
            TensorPrimitives.Negate<double>(gradient, direction);
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

    // Methods of their own: what they capture is allocated only here.
    private static float[][] Vectors(int number, int dimension) => Enumerable.Range(0, number).Select(_ => new float[dimension]).ToArray();

    private void AddParallel(
        int threads, int parts, int kept, double[] point, double[] previousPoint, double[] gradient, double[] previousGradient) =>
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
            AddPart(part, kept, point, previousPoint, gradient, previousGradient));

    private void CombineParallel(int threads, int parts, double[] gradient, double gamma, double[] direction) =>
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => CombinePart(part, gradient, gamma, direction));

    // Every stored vector is read once, for its products with s, y and the gradient that the next direction needs.
    private void AddPart(int part, int kept, double[] point, double[] previousPoint, double[] gradient, double[] previousGradient)
    {
        Span<double> sums = partSums.AsSpan(part * 6 * memory, 6 * memory);
        sums.Clear();
        Span<double> step = stackalloc double[Block], change = stackalloc double[Block];
        int end = Math.Min(point.Length, (part + 1) * Part);
        for (int start = part * Part; start < end; start += Block)
        {
            int length = Math.Min(Block, end - start);
            Span<double> s = step[..length], y = change[..length];
            ReadOnlySpan<double> g = gradient.AsSpan(start, length);
            TensorPrimitives.Subtract(point.AsSpan(start, length), previousPoint.AsSpan(start, length), s);
            TensorPrimitives.Subtract(g, previousGradient.AsSpan(start, length), y);
            MixedPrecision.Round(s, vectors[next].AsSpan(start, length));
            MixedPrecision.Round(y, vectors[memory + next].AsSpan(start, length));
            for (int vector = 0; vector < 2 * memory; vector++)
            {
                if (vector % memory < kept)
                {
                    (double withStep, double withChange, double withGradient) = MixedPrecision.Dots(vectors[vector].AsSpan(start, length), s, y, g);
                    sums[3 * vector] += withStep;
                    sums[(3 * vector) + 1] += withChange;
                    sums[(3 * vector) + 2] += withGradient;
                }
            }
        }
    }

    private void SumProducts(int vector, int parts)
    {
        double withStep = 0, withChange = 0, withGradient = 0;
        for (int part = 0; part < parts; part++)
        {
            ReadOnlySpan<double> sums = partSums.AsSpan((part * 6 * memory) + (3 * vector), 3);
            withStep += sums[0];
            withChange += sums[1];
            withGradient += sums[2];
        }

        products[vector, next] = products[next, vector] = withStep;
        products[vector, memory + next] = products[memory + next, vector] = withChange;
        alongGradient[vector] = withGradient;
    }

    private static int PartCount(int dimension) => (dimension + Part - 1) / Part;

    private static int Threads(int parts) => parts < LeastParallelParts ? 1 : LinearAlgebraProvider.Backend.Threads;

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

    private void Combine(double[] gradient, double gamma, double[] direction)
    {
        int parts = PartCount(direction.Length);
        if (Threads(parts) is int threads and > 1)
        {
            CombineParallel(threads, parts, gradient, gamma, direction);
            return;
        }

        for (int part = 0; part < parts; part++)
        {
            CombinePart(part, gradient, gamma, direction);
        }
    }

    private void CombinePart(int part, double[] gradient, double gamma, double[] direction)
    {
        int end = Math.Min(direction.Length, (part + 1) * Part);
        for (int start = part * Part; start < end; start += Block)
        {
            int length = Math.Min(Block, end - start);
            Span<double> block = direction.AsSpan(start, length);
            TensorPrimitives.Multiply(gradient.AsSpan(start, length), -gamma, block);
            for (int i = 1; i <= count; i++)
            {
                int slot = Slot(i);
                MixedPrecision.Add(coefficients[slot], vectors[slot].AsSpan(start, length), block);
                MixedPrecision.Add(coefficients[memory + slot], vectors[memory + slot].AsSpan(start, length), block);
            }
        }
    }
}
