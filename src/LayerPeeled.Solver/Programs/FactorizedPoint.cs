using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>A pair (W, H) of classifiers and features. Immutable.</summary>
public sealed class FactorizedPoint
{
    private readonly double[] values;

    /// <summary>A point from matrices, which are copied.</summary>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="features">H, p×N, one column a class or an example.</param>
    /// <exception cref="ArgumentException">The feature dimensions differ, or an entry is not finite.</exception>
    public FactorizedPoint(Matrix<double> classifier, Matrix<double> features)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(features);
        if (classifier.ColumnCount != features.RowCount)
        {
            throw new ArgumentException(
                $"W must be K×p and H p×N; got {classifier.RowCount}×{classifier.ColumnCount} and {features.RowCount}×{features.ColumnCount}.", nameof(features));
        }

        ClassCount = classifier.RowCount;
        FeatureDimension = classifier.ColumnCount;
        ColumnCount = features.ColumnCount;
        values = [.. classifier.ToColumnMajorArray(), .. features.ToColumnMajorArray()];
        int entry = Array.FindIndex(values, value => !double.IsFinite(value));
        if (entry >= 0)
        {
            bool inClassifier = entry < ClassCount * FeatureDimension;
            throw new ArgumentException(
                $"{(inClassifier ? "W" : "H")} has the entry {values[entry]}; every entry must be finite.", inClassifier ? nameof(classifier) : nameof(features));
        }
    }

    /// <summary>A point around W (K×p, column-major) followed by H (p×N, column-major). The array is kept, not copied.</summary>
    internal FactorizedPoint(double[] values, int classCount, int featureDimension)
    {
        this.values = values;
        ClassCount = classCount;
        FeatureDimension = featureDimension;
        ColumnCount = (values.Length / featureDimension) - classCount;
    }

    /// <summary>K, the rows of W.</summary>
    public int ClassCount { get; }

    /// <summary>p.</summary>
    public int FeatureDimension { get; }

    /// <summary>N, the columns of H.</summary>
    public int ColumnCount { get; }

    /// <summary>W, K×p; a copy.</summary>
    public Matrix<double> Classifier => Matrix<double>.Build.Dense(
        ClassCount, FeatureDimension, values.AsSpan(0, ClassCount * FeatureDimension).ToArray());

    /// <summary>H, p×N, one column a class or an example; a copy.</summary>
    public Matrix<double> Features => Matrix<double>.Build.Dense(
        FeatureDimension, ColumnCount, values.AsSpan(ClassCount * FeatureDimension).ToArray());

    /// <summary>W (K×p, column-major), then H (p×N, column-major: each example is contiguous).</summary>
    internal ReadOnlySpan<double> Values => values;
}
