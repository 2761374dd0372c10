using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// The point of least norm in the convex hull of some points (P. Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11, 1976): the least one in the
/// affine hull of a few of them, which come and go.
/// </summary>
internal static class MinimumNormPoint
{
    private const double Tolerance = 1e-13;
    private const double RankTolerance = 1e-11;
    private const int MaximumRounds = 10_000;

    /// <summary>Its norm; where it is zero, what rounding leaves of it.</summary>
    /// <param name="points">The points, at least one.</param>
    public static double Norm(IReadOnlyList<double[]> points)
    {
        int start = Enumerable.Range(0, points.Count).MinBy(i => TensorPrimitives.SumOfSquares<double>(points[i]));
        double scale = points.Max(point => TensorPrimitives.SumOfSquares<double>(point));
        var chosen = new List<int> { start };
        double[] shares = [1], x = (double[])points[start].Clone();
        double norm2 = TensorPrimitives.SumOfSquares<double>(x);
        for (int round = 0; round < MaximumRounds; round++)
        {
            int next = Enumerable.Range(0, points.Count).MinBy(i => TensorPrimitives.Dot<double>(x, points[i]));
            if (TensorPrimitives.Dot<double>(x, points[next]) >= norm2 - (Tolerance * scale) || chosen.Contains(next))
            {
                break;
            }

            chosen.Add(next);
            shares = Reduce(points, chosen, [.. shares, 0]);
            double[] trial = Combination(points, chosen, shares);
            double trialNorm2 = TensorPrimitives.SumOfSquares<double>(trial);
            if (!(trialNorm2 < norm2))
            {
                break;
            }

            (x, norm2) = (trial, trialNorm2);
        }

        return Math.Sqrt(norm2);
    }

    private static double[] Combination(IReadOnlyList<double[]> points, List<int> chosen, double[] shares)
    {
        double[] result = new double[points[0].Length];
        for (int i = 0; i < chosen.Count; i++)
        {
            TensorPrimitives.MultiplyAdd<double>(points[chosen[i]], shares[i], result, result);
        }

        return result;
    }

    // Towards the least point of the affine hull; what loses its share on the way leaves.
    private static double[] Reduce(IReadOnlyList<double[]> points, List<int> chosen, double[] shares)
    {
        while (true)
        {
            double[] affine = AffineMinimum(points, chosen);
            double step = 1;
            int leaving = -1;
            for (int i = 0; i < affine.Length; i++)
            {
                if (affine[i] <= Tolerance && shares[i] - affine[i] > 0 && shares[i] / (shares[i] - affine[i]) is double ratio && ratio < step)
                {
                    (step, leaving) = (ratio, i);
                }
            }

            for (int i = 0; i < affine.Length; i++)
            {
                shares[i] += step * (affine[i] - shares[i]);
            }

            if (leaving < 0)
            {
                return shares;
            }

            chosen.RemoveAt(leaving);
            shares = shares.Where((_, i) => i != leaving).ToArray();
        }
    }

    // Σ α_i = 1 with the least ‖Σ α_i·x_i‖, from the differences to the first point. Regular codes have more points in a face than it has dimensions: of all
    // solutions the shortest then.
    private static double[] AffineMinimum(IReadOnlyList<double[]> points, List<int> chosen)
    {
        if (chosen.Count == 1)
        {
            return [1];
        }

        double[] first = points[chosen[0]];
        var differences = Matrix<double>.Build.Dense(first.Length, chosen.Count - 1, (i, j) => points[chosen[j + 1]][i] - first[i]);
        var svd = differences.Svd();
        double least = RankTolerance * svd.S[0];
        Vector<double> along = svd.U.TransposeThisAndMultiply(-Vector<double>.Build.Dense(first)).SubVector(0, svd.S.Count)
            .MapIndexed((i, value) => svd.S[i] > least ? value / svd.S[i] : 0);
        double[] rest = svd.VT.SubMatrix(0, svd.S.Count, 0, chosen.Count - 1).TransposeThisAndMultiply(along).ToArray();
        return [1 - rest.Sum(), .. rest];
    }
}
