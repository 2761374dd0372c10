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

        double[] entries = classifier.AsColumnMajorArray() ?? classifier.ToColumnMajorArray();
        if (Array.FindIndex(entries, entry => !RowChecks.IsInRange(entry)) is >= 0 and int i)
        {
            throw new ArgumentException(
                $"The classifier has {entries[i]} in row {i % classifier.RowCount}, column {i / classifier.RowCount}; its numbers must be {RowChecks.Range}.", nameof(classifier));
        }

        if (bias is not null && bias.Count != classifier.RowCount)
        {
            throw new ArgumentException($"The bias has {bias.Count} numbers and the classifier {classifier.RowCount} rows.", nameof(bias));
        }

        if (bias?.Find(entry => !RowChecks.IsInRange(entry), Zeros.Include) is { } wrong)
        {
            throw new ArgumentException($"The bias has {wrong.Item2} in place {wrong.Item1}; its numbers must be {RowChecks.Range}.", nameof(bias));
        }

        return statistics.ForClassifier(classifier.RowCount);
    }
}
