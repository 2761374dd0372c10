using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// What a set of classifiers is worth as a code: the distance of each vector from the convex hull of all others. A softmax code maximises the least of them over vectors on
/// a sphere (Jiang et al., "Generalized neural collapse for a large number of classes", ICML 2024).
/// </summary>
public static class SoftmaxCode
{
    /// <summary>The distance of each row from the convex hull of the others.</summary>
    /// <param name="vectors">One row a class, at least two.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or an entry is not finite.</exception>
    public static IReadOnlyList<double> OneVersusRestDistances(Matrix<double> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.RowCount < 2 || !double.IsFinite(vectors.FrobeniusNorm()))
        {
            throw new ArgumentException($"There must be at least two rows of finite numbers, got {vectors.RowCount} of norm {vectors.FrobeniusNorm()}.", nameof(vectors));
        }

        double[][] rows = vectors.ToRowArrays();
        return rows.Select((row, k) => MinimumNormPoint.Norm(rows.Where((_, j) => j != k).Select(other => Difference(other, row)).ToArray())).ToArray();
    }

    /// <summary>The least of the distances.</summary>
    /// <param name="vectors">One row a class, at least two.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or an entry is not finite.</exception>
    public static double OneVersusRestDistance(Matrix<double> vectors) => OneVersusRestDistances(vectors).Min();

    private static double[] Difference(double[] left, double[] right)
    {
        double[] result = new double[left.Length];
        TensorPrimitives.Subtract<double>(left, right, result);
        return result;
    }
}
