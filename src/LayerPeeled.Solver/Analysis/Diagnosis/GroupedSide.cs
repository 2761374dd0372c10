using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>Classifiers or class means, as mean norms and mean cosines of groups. NaN where a group is empty or a vector vanishes.</summary>
internal sealed class GroupedSide
{
    private readonly double[] norms;
    private readonly double size;
    private readonly Matrix<double> cosines;

    private GroupedSide(double[] norms, double size, Matrix<double> cosines) => (this.norms, this.size, this.cosines) = (norms, size, cosines);

    /// <summary>Groups vectors.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="groups">The members of each group.</param>
    /// <param name="noise">Squared length that each vector has besides, orthogonal to everything; null: none.</param>
    public static GroupedSide Of(VectorSet vectors, int[][] groups, double[]? noise = null)
    {
        double[] lengths = noise is null ? vectors.Norms : [.. vectors.Norms.Select((norm, k) => Math.Sqrt((norm * norm) + noise[k]))];
        double[]? shares = noise is null ? null : [.. vectors.Norms.Select((norm, k) => norm / lengths[k])];
        return new GroupedSide(
            Array.ConvertAll(groups, group => group.Length == 0 ? double.NaN : group.Average(k => lengths[k])),
            Math.Sqrt(lengths.Average(length => length * length)), vectors.MeanCosines(groups, shares));
    }

    /// <summary>All vectors of one norm, with one cosine between any two.</summary>
    public static GroupedSide Equiangular(double norm, double cosine, int[][] groups) => new(
        Array.ConvertAll(groups, group => group.Length == 0 ? double.NaN : norm), norm, Matrix<double>.Build.Dense(groups.Length, groups.Length, cosine));

    /// <summary>Root mean squares of the differences, as <see cref="GeometryMisfit"/> defines them.</summary>
    /// <param name="measured">The network; what it does not define is left out.</param>
    /// <param name="predicted">The optimum.</param>
    public static (double Cosines, double Norms) Differences(GroupedSide measured, GroupedSide predicted)
    {
        double cosineSum = 0, normSum = 0;
        int pairs = 0, groups = 0;
        for (int g = 0; g < measured.norms.Length; g++)
        {
            if (!double.IsNaN(measured.norms[g]))
            {
                double shortest = LayerPeeledSolution.ShortVector * measured.size, a = Math.Max(shortest, measured.norms[g]), b = Math.Max(shortest, predicted.norms[g]);
                double difference = 2 * (a - b) / (a + b);
                normSum += difference * difference;
                groups++;
            }

            for (int h = g; h < measured.norms.Length; h++)
            {
                if (!double.IsNaN(measured.cosines[g, h]))
                {
                    double cosine = double.IsNaN(predicted.cosines[g, h]) ? 0 : predicted.cosines[g, h], difference = measured.cosines[g, h] - cosine;
                    cosineSum += difference * difference;
                    pairs++;
                }
            }
        }

        return (Math.Sqrt(cosineSum / Math.Max(1, pairs)), Math.Sqrt(normSum / Math.Max(1, groups)));
    }
}
