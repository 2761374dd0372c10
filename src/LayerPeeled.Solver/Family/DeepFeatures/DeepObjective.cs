using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.DeepFeatures;

/// <summary>
/// f(X_0·X_1⋯X_M) + (μ/2)·Σ_j ‖X_j‖² in all factors at once: W_M = u_0·X_0, …, W_1 = u_{M−1}·X_{M−1}, H̃ = u_M·X_M with units u_j = √(μ/λ_j) whose product is 1, μ the
/// geometric mean of the penalties. Owns its buffers.
/// </summary>
internal sealed class DeepObjective
{
    private readonly DeepProgram deep;
    private readonly NuclearNormProgram program;
    private readonly GroupedMatrix logits;
    private readonly GroupedMatrix gradient;
    private readonly int[] offsets;
    private readonly int classes;
    private readonly int width;

    // X_0⋯X_j, K×p, of each j < M, and X_j⋯X_M, p×K, of each j > 0
    private readonly double[][] heads;
    private readonly double[][] tails;
    private readonly double[] product;

    public DeepObjective(DeepProgram deep)
    {
        this.deep = deep;
        program = NuclearNormProgram.ForClasses(deep.Model);
        (logits, gradient) = (program.CreateMatrix(), program.CreateMatrix());
        (classes, width) = (deep.Model.ClassCount, deep.Model.FeatureDimension);
        int factors = deep.Layers + 1;
        offsets = new int[factors + 1];
        for (int j = 0; j < factors; j++)
        {
            offsets[j + 1] = MatrixShape.Length(1, offsets[j] + (long)MatrixShape.Length(Rows(j), Columns(j)));
        }

        heads = Enumerable.Range(0, deep.Layers).Select(_ => new double[classes * width]).ToArray();
        tails = Enumerable.Range(0, factors).Select(_ => new double[classes * width]).ToArray();
        product = new double[classes * width];
    }

    private static IDenseBackend Backend => LinearAlgebraProvider.Backend;

    /// <summary>The objective; writes the gradient.</summary>
    public double Evaluate(double[] point, double[] derivative)
    {
        int last = deep.Layers;
        point.AsSpan(0, offsets[1]).CopyTo(heads[0]);
        for (int j = 1; j < last; j++)
        {
            Backend.Multiply(false, false, classes, width, width, 1, heads[j - 1], classes, Factor(point, j), width, 0, heads[j], classes);
        }

        point.AsSpan(offsets[last]).CopyTo(tails[last]);
        for (int j = last - 1; j > 0; j--)
        {
            Backend.Multiply(false, false, width, classes, width, 1, Factor(point, j), width, tails[j + 1], width, 0, tails[j], width);
        }

        Backend.Multiply(false, false, classes, classes, width, 1, heads[0], classes, tails[1], width, 0, logits.Core, classes);
        double loss = program.Gradient(logits, gradient), penalty = deep.Penalty;
        point.CopyTo(derivative, 0);
        // ∂/∂X_0 = Γ·(X_1⋯X_M)ᵀ, ∂/∂X_j = (X_0⋯X_{j−1})ᵀ·Γ·(X_{j+1}⋯X_M)ᵀ, ∂/∂X_M = (X_0⋯X_{M−1})ᵀ·Γ
        for (int j = 0; j <= last; j++)
        {
            Span<double> part = derivative.AsSpan(offsets[j], offsets[j + 1] - offsets[j]);
            if (j == last)
            {
                Backend.Multiply(true, false, width, classes, classes, 1, heads[j - 1], classes, gradient.Core, classes, penalty, part, width);
                break;
            }

            Backend.Multiply(false, true, classes, width, classes, 1, gradient.Core, classes, tails[j + 1], width, 0, product, classes);
            if (j == 0)
            {
                TensorPrimitives.MultiplyAdd(part, penalty, product, part);
            }
            else
            {
                Backend.Multiply(true, false, width, width, classes, 1, heads[j - 1], classes, product, classes, penalty, part, width);
            }
        }

        return loss + (0.5 * penalty * TensorPrimitives.SumOfSquares<double>(point));
    }

    /// <summary>Independent normal entries that make logits of order one: each factor has entries of variance 1/√(rows·columns).</summary>
    public double[] RandomStart(Random random)
    {
        var start = new double[offsets[^1]];
        for (int j = 0; j <= deep.Layers; j++)
        {
            double scale = Math.Pow(Rows(j) * (double)Columns(j), -0.25);
            for (int i = offsets[j]; i < offsets[j + 1]; i++)
            {
                start[i] = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            }
        }

        return start;
    }

    /// <summary>The balanced factors of logits: X_0 = U·S^{1/(M+1)}, diagonal ones between, X_M = S^{1/(M+1)}·Vᵀ.</summary>
    public double[] Start(Matrix<double> z)
    {
        GroupedMatrix scaled = program.CreateMatrix();
        z.ToColumnMajorArray().CopyTo(scaled.Core, 0);
        for (int k = 0; k < classes; k++)
        {
            Span<double> column = scaled.Core.AsSpan(k * classes, classes);
            TensorPrimitives.Multiply(column, program.FeatureRoots[k], column);
        }

        GroupedSpectrum spectrum = GroupedSpectrum.Of(scaled);
        var start = new double[offsets[^1]];
        for (int i = 0; i < Math.Min(width, classes); i++)
        {
            double root = Math.Pow(spectrum.Values[i], 1.0 / (deep.Layers + 1));
            for (int k = 0; k < classes; k++)
            {
                start[k + (i * classes)] = root * spectrum.Left[k + (i * classes)];
                start[offsets[deep.Layers] + i + (k * width)] = root * spectrum.Right[i + (k * classes)];
            }

            for (int j = 1; j < deep.Layers; j++)
            {
                start[offsets[j] + (i * (width + 1))] = root;
            }
        }

        return start;
    }

    /// <summary>W_M, …, W_1 and H̄ of a point.</summary>
    public (Matrix<double>[] Layers, Matrix<double> ClassMeans) Matrices(double[] point)
    {
        Matrix<double> Part(int j) => Matrix<double>.Build.Dense(Rows(j), Columns(j), Factor(point, j).ToArray()) * Math.Sqrt(deep.Penalty / deep.PenaltyOf(j));
        Matrix<double> scaled = Part(deep.Layers);
        return (Enumerable.Range(0, deep.Layers).Select(Part).ToArray(),
            Matrix<double>.Build.Dense(width, classes, (i, k) => scaled[i, k] / program.FeatureRoots[k]));
    }

    private int Rows(int factor) => factor == 0 ? classes : width;

    private int Columns(int factor) => factor == deep.Layers ? classes : width;

    private ReadOnlySpan<double> Factor(double[] point, int factor) => point.AsSpan(offsets[factor], offsets[factor + 1] - offsets[factor]);
}
