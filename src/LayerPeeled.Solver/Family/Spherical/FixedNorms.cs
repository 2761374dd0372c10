using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>Spheres: ‖v_k‖² = E_k for every class k.</summary>
public sealed record FixedNorms : NormConstraint
{
    private readonly double[] norms2;

    /// <summary>One squared norm for all classes.</summary>
    /// <param name="norm2">E, between 1e-150 and 1e150.</param>
    public FixedNorms(double norm2) => norms2 = [norm2];

    /// <summary>A squared norm for each class.</summary>
    /// <param name="norms2">E_k, K numbers between 1e-150 and 1e150.</param>
    public FixedNorms(IEnumerable<double> norms2)
    {
        ArgumentNullException.ThrowIfNull(norms2);
        this.norms2 = norms2.ToArray();
    }

    /// <summary>E_k; a single number stands for all classes.</summary>
    public ReadOnlySpan<double> Values => norms2;

    /// <inheritdoc/>
    internal override bool IsBudget => false;

    /// <summary>Whether all numbers are the same.</summary>
    /// <param name="other">Other norms.</param>
    public bool Equals(FixedNorms? other) => other is not null && norms2.AsSpan().SequenceEqual(other.norms2);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(norms2.Length, norms2.Length == 0 ? 0 : norms2[0]);

    internal override double[] Norms2(int classes)
    {
        double[] result = new double[classes];
        for (int k = 0; k < classes; k++)
        {
            result[k] = Norm2(k);
        }

        return result;
    }

    internal override void Validate(int classes, string name)
    {
        if (norms2.Length != 1 && norms2.Length != classes)
        {
            throw new ArgumentException($"There must be one squared norm, or one for each of the {classes} classes; got {norms2.Length}.", name);
        }

        foreach (double norm2 in norms2)
        {
            ModelValidation.BudgetInRange(norm2, name);
        }
    }

    internal override void Place(int dimension, ReadOnlySpan<double> point, Span<double> vectors)
    {
        for (int k = 0; k * dimension < point.Length; k++)
        {
            ReadOnlySpan<double> x = point.Slice(k * dimension, dimension);
            TensorPrimitives.Multiply(x, Math.Sqrt(Norm2(k)) / TensorPrimitives.Norm(x), vectors.Slice(k * dimension, dimension));
        }
    }

    internal override void Pull(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> vectors, Span<double> derivative)
    {
        // ν/‖x‖·(d − v·⟨v, d⟩/ν²)
        for (int k = 0; k * dimension < point.Length; k++)
        {
            ReadOnlySpan<double> x = point.Slice(k * dimension, dimension), v = vectors.Slice(k * dimension, dimension);
            Span<double> d = derivative.Slice(k * dimension, dimension);
            TensorPrimitives.MultiplyAdd(v, -TensorPrimitives.Dot(v, d) / Norm2(k), d, d);
            TensorPrimitives.Multiply(d, Math.Sqrt(Norm2(k)) / TensorPrimitives.Norm(x), d);
        }
    }

    internal override double RelativeSlope2(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> gradient)
    {
        double sum = 0;
        for (int k = 0; k * dimension < point.Length; k++)
        {
            sum += TensorPrimitives.SumOfSquares(point.Slice(k * dimension, dimension)) * TensorPrimitives.SumOfSquares(gradient.Slice(k * dimension, dimension));
        }

        return sum;
    }

    private double Norm2(int k) => norms2[norms2.Length == 1 ? 0 : k];
}
