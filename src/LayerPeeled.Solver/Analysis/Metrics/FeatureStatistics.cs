using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Counts, means and scatter of the features of each class, in double precision: what one pass over the data leaves behind.</summary>
public sealed class FeatureStatistics
{
    private readonly long[] labels;
    private readonly long[] counts;
    private readonly double[] within;

    internal FeatureStatistics(
        long[] labels, long[] counts, Matrix<double> classMeans, double[] within, Matrix<double>? withinScatter, IReadOnlyList<string>? names = null)
    {
        Names = names;
        this.labels = labels;
        this.counts = counts;
        this.within = within;
        Means = classMeans;
        Scatter = withinScatter;
        SampleCount = counts.Sum();
        Mean = Vector<double>.Build.Dense(Dimension);
        for (int k = 0; k < labels.Length; k++)
        {
            if (counts[k] > 0)
            {
                Mean += classMeans.Row(k) * ((double)counts[k] / SampleCount);
            }
        }
    }

    /// <summary>p.</summary>
    public int Dimension => Means.ColumnCount;

    /// <summary>K, classes without examples included.</summary>
    public int ClassCount => labels.Length;

    /// <summary>N.</summary>
    public long SampleCount { get; }

    /// <summary>The label of each class, in class order.</summary>
    public IReadOnlyList<long> Labels => labels;

    /// <summary>The name of each class, in class order, where <see cref="WithNames"/> has given them; they stand in the place of labels in words.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>n_k, the examples of each class; zero for classes without.</summary>
    public IReadOnlyList<long> Counts => counts;

    /// <summary>m_k in row k, K×p; zero for classes without examples; a copy.</summary>
    public Matrix<double> ClassMeans => Means.Clone();

    /// <summary>(1/N)·Σ_i h_i, length p; a copy.</summary>
    public Vector<double> SampleMean => Mean.Clone();

    /// <summary>(1/n_k)·Σ_i ‖h_{k,i} − m_k‖² of each class; NaN for classes without examples.</summary>
    public IReadOnlyList<double> WithinVariances => within;

    /// <summary>Σ_W = (1/N)·Σ_k Σ_i (h_{k,i} − m_k)(h_{k,i} − m_k)ᵀ, p×p; null when it was not asked for; a copy.</summary>
    public Matrix<double>? WithinScatter => Scatter?.Clone();

    internal Matrix<double> Means { get; }

    internal Vector<double> Mean { get; }

    internal Matrix<double>? Scatter { get; }

    /// <summary>The point μ that a convention measures from, length p. Classes without examples do not count.</summary>
    /// <param name="globalMean">The convention.</param>
    public Vector<double> GlobalMeanOf(GlobalMean globalMean)
    {
        switch (globalMean)
        {
            case GlobalMean.None:
                return Vector<double>.Build.Dense(Dimension);
            case GlobalMean.Samples:
                return SampleMean;
            case GlobalMean.ClassMeans:
                Vector<double> sum = Vector<double>.Build.Dense(Dimension);
                foreach (int k in Present)
                {
                    sum += Means.Row(k);
                }

                return sum / Present.Count();
            default:
                throw new ArgumentOutOfRangeException(nameof(globalMean), globalMean, "Unknown convention for the global mean.");
        }
    }

    /// <summary>The same statistics for an explicit list of classes: another order, or with classes that have no examples.</summary>
    /// <param name="classLabels">The label of each class, all different; every label with examples must be in it.</param>
    /// <exception cref="ArgumentException">A label occurs twice, or one with examples is missing.</exception>
    public FeatureStatistics ForClasses(IReadOnlyList<long> classLabels)
    {
        ArgumentNullException.ThrowIfNull(classLabels);
        var position = new Dictionary<long, int>();
        for (int k = 0; k < classLabels.Count; k++)
        {
            if (!position.TryAdd(classLabels[k], k))
            {
                throw new ArgumentException($"The label {classLabels[k]} occurs twice in the list of classes.", nameof(classLabels));
            }
        }

        var newCounts = new long[classLabels.Count];
        var newWithin = new double[classLabels.Count];
        string[]? newNames = Names is null ? null : [.. classLabels.Select(label => label.ToString(CultureInfo.InvariantCulture))];
        newWithin.AsSpan().Fill(double.NaN);
        var means = Matrix<double>.Build.Dense(classLabels.Count, Dimension);
        for (int k = 0; k < labels.Length; k++)
        {
            if (position.TryGetValue(labels[k], out int j))
            {
                newCounts[j] = counts[k];
                newWithin[j] = within[k];
                newNames?[j] = Names![k];
                means.SetRow(j, Means.Row(k));
            }
            else if (counts[k] > 0)
            {
                throw new ArgumentException(
                    $"The label {labels[k]} has {counts[k]} examples and is not in the list of {classLabels.Count} classes.", nameof(classLabels));
            }
        }

        return new FeatureStatistics([.. classLabels], newCounts, means, newWithin, WithinScatter, newNames);
    }

    /// <summary>The same statistics with names for the classes.</summary>
    /// <param name="names">One a class, in class order.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public FeatureStatistics WithNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count == ClassCount
            ? new FeatureStatistics(labels, counts, ClassMeans, within, WithinScatter, [.. names])
            : throw new ArgumentException($"There are {names.Count} names and {ClassCount} classes.", nameof(names));
    }

    /// <summary>
    /// The same statistics with one class for each row of a classifier. Rows belong to labels in ascending order; when there are fewer labels
    /// than rows, to the labels 0…K−1, some of them without examples.
    /// </summary>
    /// <param name="rows">K, the rows of the classifier.</param>
    /// <exception cref="ArgumentException">The rows cannot be matched to labels: give the list of classes explicitly.</exception>
    public FeatureStatistics ForClassifier(int rows)
    {
        if (rows == ClassCount)
        {
            return this;
        }

        if (rows > ClassCount && labels.All(label => label >= 0 && label < rows))
        {
            return ForClasses(Enumerable.Range(0, rows).Select(k => (long)k).ToArray());
        }

        string shown = string.Join(", ", labels.Take(10).Select(l => l.ToString(CultureInfo.InvariantCulture))) + (ClassCount > 10 ? ", …" : "");
        throw new ArgumentException(
            $"The classifier has {rows} rows and the labels name {ClassCount} classes ({shown}). "
            + "There must be one row a class, or the labels must lie between 0 and the number of rows; otherwise list the label of each row.", nameof(rows));
    }

    /// <summary>Indices of the classes with examples.</summary>
    internal IEnumerable<int> Present => Enumerable.Range(0, labels.Length).Where(k => counts[k] > 0);
}
