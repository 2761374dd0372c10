using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

internal static class ClassifierChecks
{
    /// <summary>The statistics with one class for each row of W, once W and b are known to fit them.</summary>
    public static FeatureStatistics Align(FeatureStatistics statistics, Matrix<double>? classifier, Vector<double>? bias)
    {
        if (classifier is null)
        {
            return bias is null ? statistics : throw new ArgumentException("A bias without a classifier has no meaning.", nameof(bias));
        }

        if (classifier.ColumnCount != statistics.Dimension)
        {
            throw new ArgumentException(
                $"The classifier is {classifier.RowCount}×{classifier.ColumnCount} and the features have dimension {statistics.Dimension}; W must be K×p, one row a class"
                    + (classifier.RowCount == statistics.Dimension ? ": it looks transposed." : "."),
                nameof(classifier));
        }

        if (!TensorPrimitives.IsFiniteAll<double>(classifier.AsColumnMajorArray() ?? classifier.ToColumnMajorArray()))
        {
            throw new ArgumentException("The classifier holds numbers that are not finite.", nameof(classifier));
        }

        if (bias is not null && bias.Count != classifier.RowCount)
        {
            throw new ArgumentException($"The bias has {bias.Count} numbers and the classifier {classifier.RowCount} rows.", nameof(bias));
        }

        if (bias is not null && !bias.All(double.IsFinite))
        {
            throw new ArgumentException("The bias holds numbers that are not finite.", nameof(bias));
        }

        return statistics.ForClassifier(classifier.RowCount);
    }
}
