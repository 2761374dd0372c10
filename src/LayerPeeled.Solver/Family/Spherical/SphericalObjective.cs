using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// φ(x) = log f(WᵀH/τ) without constraints: x are the classifiers and then the class means, p×K each, of any length, which are placed on their sets before the loss is
/// evaluated. φ does not depend on the lengths. Owns its buffers.
/// </summary>
internal sealed class SphericalObjective : ISmoothObjective
{
    private readonly SphericalModel model;
    private readonly double[] vectors;
    private readonly double[] logits;
    private readonly double[] gradient;
    private readonly double[] multiplicities;
    private readonly int half;

    public SphericalObjective(SphericalModel model)
    {
        this.model = model;
        int classes = model.ClassCount;
        half = MatrixShape.Length(model.Dimension, classes);
        vectors = new double[2 * half];
        (logits, gradient) = (new double[MatrixShape.Length(classes, classes)], new double[classes * classes]);
        multiplicities = new double[classes];
        Array.Fill(multiplicities, 1);
        Weights = new double[classes];
        for (int k = 0; k < classes; k++)
        {
            Weights[k] = model.Classes.WeightOf(model.GroupOfClass[k]);
        }
    }

    /// <summary>The model.</summary>
    public SphericalModel Model => model;

    /// <summary>How many numbers x has.</summary>
    public int Dimension => 2 * half;

    /// <summary>ω_k.</summary>
    public double[] Weights { get; }

    /// <summary>∂f/∂Z at the point evaluated last, K×K.</summary>
    public ReadOnlySpan<double> LogitGradient => gradient;

    /// <summary>The vectors of the point evaluated last: classifiers, then class means.</summary>
    public ReadOnlySpan<double> Vectors => vectors;

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> slope)
    {
        int p = model.Dimension, n = model.ClassCount;
        Span<double> w = vectors.AsSpan(0, half), h = vectors.AsSpan(half);
        model.Classifiers.Place(p, point[..half], w);
        model.Features.Place(p, point[half..], h);
        LinearAlgebraProvider.Backend.Multiply(true, false, n, n, p, 1 / model.Temperature, w, p, h, p, 0, logits, n);
        double value = LossGradient();
        double scale = 1 / (value * model.Temperature);
        LinearAlgebraProvider.Backend.Multiply(false, true, p, n, n, scale, h, p, gradient, n, 0, slope[..half], p);
        LinearAlgebraProvider.Backend.Multiply(false, false, p, n, n, scale, w, p, gradient, n, 0, slope[half..], p);
        model.Classifiers.Pull(p, point[..half], w, slope[..half]);
        model.Features.Pull(p, point[half..], h, slope[half..]);
        return Math.Log(value);
    }

    /// <summary>f at the point evaluated last, from logits that no native library has made.</summary>
    public double ProvenLoss()
    {
        int p = model.Dimension, n = model.ClassCount;
        ManagedBackend.ForProofs(Math.Max(n, p)).Multiply(true, false, n, n, p, 1 / model.Temperature, vectors.AsSpan(0, half), p, vectors.AsSpan(half), p, 0, logits, n);
        return LossGradient();
    }

    /// <summary>How much log f changes with a relative change of the vectors, the length of the gradient on the product of the sets.</summary>
    public double Stationarity(ReadOnlySpan<double> point, ReadOnlySpan<double> slope) => Math.Sqrt(
        model.Classifiers.RelativeSlope2(model.Dimension, point[..half], slope[..half])
        + model.Features.RelativeSlope2(model.Dimension, point[half..], slope[half..]));

    /// <summary>Whether a side may have shorter vectors than the set says.</summary>
    public bool AllowsShorterVectors => model.Classifiers.IsBudget || model.Features.IsBudget;

    /// <summary>Whether ⟨G, Z⟩ > 0 at a point: the loss falls as vectors shrink.</summary>
    public bool LossGrowsWithLength(double[] point)
    {
        _ = Evaluate(point, new double[point.Length]);
        return TensorPrimitives.Dot<double>(gradient, logits) > 0;
    }

    // f and its gradient in the logits, column after column
    private double LossGradient()
    {
        int n = model.ClassCount;
        double value = 0;
        for (int k = 0; k < n; k++)
        {
            Span<double> column = gradient.AsSpan(k * n, n);
            if (Weights[k] == 0)
            {
                column.Clear();
                continue;
            }

            multiplicities[k] = 0;
            value += Weights[k] * CrossEntropyLoss.Instance.Gradient(logits[k * (n + 1)], logits.AsSpan(k * n, n), multiplicities, out double own, column);
            multiplicities[k] = 1;
            column[k] = own;
            TensorPrimitives.Multiply(column, Weights[k], column);
        }

        return value;
    }
}
