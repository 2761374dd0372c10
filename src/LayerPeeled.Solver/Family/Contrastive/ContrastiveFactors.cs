using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// The program in factors: X has the spread s_g² and the core V·Vᵀ, and with x = (√(K_g − 1)·s, V) its trace is ‖x‖². All of the budget is used at an optimum,
/// since a larger diagonal always lowers the loss, so φ(y) = log e(t·X(x)/‖x‖²) with x = D·y, D_g = ω_g^{−1/4} up to a factor, has no constraints. V is square: the
/// loss is convex in X, and no point but the optimum has a second-order condition then (Burer and Monteiro). Owns its buffers.
/// </summary>
internal sealed class ContrastiveFactors : ISmoothObjective
{
    private readonly ContrastiveProgram program;
    private readonly double[] scales;
    private readonly double[] x;
    private readonly double[] product;
    private readonly GroupedMatrix gram;
    private readonly GroupedMatrix gradient;

    public ContrastiveFactors(ContrastiveProgram program)
    {
        this.program = program;
        int n = program.Sizes.Length;
        double largest = program.Weights.Max(), smallest = program.Weights.Where(w => w > 0).Min();
        scales = Array.ConvertAll(program.Weights, w => Math.Sqrt(Math.Sqrt(largest / Math.Max(w, smallest))));
        (x, product) = (new double[Dimension], new double[MatrixShape.Length(n, n)]);
        (gram, gradient) = (program.CreateMatrix(), program.CreateMatrix());
    }

    /// <summary>How many numbers y has: the spreads and a square V, column-major.</summary>
    public int Dimension => program.Sizes.Length * (program.Sizes.Length + 1);

    /// <summary>The centred identity, the pattern of the balanced optimum.</summary>
    public double[] CentredIdentity()
    {
        int n = program.Sizes.Length;
        double[] y = new double[Dimension];
        for (int g = 0; g < n; g++)
        {
            y[g] = Math.Sqrt(program.Sizes[g] - 1) / scales[g];
            for (int h = 0; h < n; h++)
            {
                double u = Math.Sqrt(program.Sizes[g] / program.Model.ClassCount) * Math.Sqrt(program.Sizes[h] / program.Model.ClassCount);
                y[n + g + (h * n)] = ((g == h ? 1 : 0) - u) / scales[g];
            }
        }

        return y;
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> slope)
    {
        int n = program.Sizes.Length;
        double scale = Unscale(point);
        TensorPrimitives.Multiply(x, Math.Sqrt(scale), x);
        Gram(x, gram);
        double value = program.Gradient(gram, gradient);
        // ∇e along x is 2·sym(G)·x, less its part along x
        TensorPrimitives.Multiply(x.AsSpan(0, n), gradient.Spread, slope[..n]);
        ReadOnlySpan<double> v = x.AsSpan(n);
        LinearAlgebraProvider.Backend.Multiply(false, false, n, n, n, 1, gradient.Core, n, v, n, 0, slope[n..], n);
        LinearAlgebraProvider.Backend.Multiply(true, false, n, n, n, 1, gradient.Core, n, v, n, 0, product, n);
        TensorPrimitives.Add(slope[n..], product, slope[n..]);
        TensorPrimitives.Multiply(slope[n..], 0.5, slope[n..]);
        double along = TensorPrimitives.Dot<double>(x, slope) / program.Radius;
        TensorPrimitives.MultiplyAdd(x, -along, slope, slope);
        TensorPrimitives.Multiply(slope, 2 * Math.Sqrt(scale) / value, slope);
        Rescale(slope);
        return Math.Log(value);
    }

    /// <summary>The factors of a point with all of the budget: s and V, of X = H̄ᵀH̄/τ.</summary>
    public (double[] Spread, double[] Core) Factors(ReadOnlySpan<double> point)
    {
        int n = program.Sizes.Length;
        TensorPrimitives.Multiply(x, Math.Sqrt(Unscale(point)), x);
        double[] spread = new double[n];
        for (int g = 0; g < n; g++)
        {
            spread[g] = program.Sizes[g] == 1 ? 0 : x[g] / Math.Sqrt(program.Sizes[g] - 1);
        }

        return (spread, x[n..]);
    }

    // x = D·y; t/‖x‖²
    private double Unscale(ReadOnlySpan<double> point)
    {
        point.CopyTo(x);
        Rescale(x);
        return program.Radius / TensorPrimitives.SumOfSquares<double>(x);
    }

    private void Rescale(Span<double> vector)
    {
        for (int start = 0; start < vector.Length; start += scales.Length)
        {
            Span<double> part = vector.Slice(start, scales.Length);
            TensorPrimitives.Multiply(part, scales, part);
        }
    }

    private void Gram(double[] point, GroupedMatrix target)
    {
        int n = program.Sizes.Length;
        for (int g = 0; g < n; g++)
        {
            target.Spread[g] = program.Sizes[g] == 1 ? 0 : point[g] * point[g] / (program.Sizes[g] - 1);
        }

        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, n, 1, point.AsSpan(n), n, 0, target.Core, n);
    }
}
