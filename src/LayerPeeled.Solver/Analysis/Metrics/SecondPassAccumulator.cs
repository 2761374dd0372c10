using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// The optional second pass over the same rows, once the class means are known: NC4, accuracies, and NC1 for each class without any p×p matrix.
/// N·p·(3K) operations. The rows may be cut into calls differently from the first pass. Not thread-safe.
/// </summary>
public sealed class SecondPassAccumulator
{
    private const int BlockRows = 512;

    private readonly FeatureStatistics statistics;
    private readonly CentredMeans means;
    private readonly Dictionary<long, int> classOf = [];
    private readonly int[] presentOf;
    private readonly double[]? classifier;
    private readonly double[] bias;
    private readonly double[] meanNorm2;
    private readonly double[] whitening;

    private readonly double[] block;
    private readonly double[] scores;
    private readonly double[] nearness;
    private readonly double[] whitened;
    private readonly int[] classOfRow = new int[BlockRows];
    private int pending;

    private readonly long[] seen;
    private readonly long[] disagreements;
    private readonly long[] classifierHits;
    private readonly long[] nearestHits;
    private readonly double[] variability;
    private long total;

    /// <summary>Prepares the second pass.</summary>
    /// <param name="statistics">What the first pass found.</param>
    /// <param name="classifier">W, K×p, rows as in <see cref="FeatureStatistics.ForClassifier"/>; null: no NC4.</param>
    /// <param name="bias">b, length K; zero when null.</param>
    /// <param name="options">The options the report will be made with; defaults when null.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or W or b is not finite.</exception>
    public SecondPassAccumulator(FeatureStatistics statistics, Matrix<double>? classifier = null, Vector<double>? bias = null, NeuralCollapseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        options ??= new NeuralCollapseOptions();
        this.statistics = ClassifierChecks.Align(statistics, classifier, bias);
        means = new CentredMeans(this.statistics, options);
        int classes = this.statistics.ClassCount, p = statistics.Dimension;
        for (int k = 0; k < classes; k++)
        {
            classOf.Add(this.statistics.Labels[k], k);
        }

        presentOf = means.Classes;
        this.classifier = classifier is null ? null : VectorSet.Rows(classifier);
        this.bias = bias?.ToArray() ?? new double[classes];
        meanNorm2 = presentOf.Select((_, i) => TensorPrimitives.SumOfSquares<double>(means.Data.AsSpan(i * p, p))).ToArray();
        whitening = means.Spectrum.WhiteningDirections();
        block = new double[MatrixShape.Length(BlockRows, p)];
        scores = classifier is null ? [] : new double[MatrixShape.Length(BlockRows, classes)];
        nearness = new double[MatrixShape.Length(BlockRows, presentOf.Length)];
        whitened = new double[MatrixShape.Length(BlockRows, means.Spectrum.Rank)];
        seen = new long[classes];
        disagreements = new long[classes];
        classifierHits = new long[classes];
        nearestHits = new long[classes];
        variability = new double[classes];
    }

    /// <summary>Adds examples.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <param name="labels">n labels, each one of the first pass.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit or a number is not finite (nothing was added then), or a label is new (the rows before it were added).
    /// </exception>
    public void Add(ReadOnlySpan<double> rows, ReadOnlySpan<long> labels)
    {
        int p = statistics.Dimension;
        RowChecks.Require(rows, labels.Length, p, total);
        for (int i = 0; i < labels.Length; i++)
        {
            rows.Slice(i * p, p).CopyTo(NextRow(labels[i]));
            Close();
        }
    }

    /// <summary>Adds examples in single precision.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <param name="labels">n labels, each one of the first pass.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit or a number is not finite (nothing was added then), or a label is new (the rows before it were added).
    /// </exception>
    public void Add(ReadOnlySpan<float> rows, ReadOnlySpan<long> labels)
    {
        int p = statistics.Dimension;
        RowChecks.Require(rows, labels.Length, p, total);
        for (int i = 0; i < labels.Length; i++)
        {
            TensorPrimitives.ConvertTruncating(rows.Slice(i * p, p), NextRow(labels[i]));
            Close();
        }
    }

    /// <summary>The result, once the rows of the first pass have all been added.</summary>
    /// <exception cref="InvalidOperationException">The rows of some class are not as many as in the first pass.</exception>
    public SecondPassStatistics ToStatistics()
    {
        Flush();
        int classes = statistics.ClassCount;
        for (int k = 0; k < classes; k++)
        {
            if (seen[k] != statistics.Counts[k])
            {
                throw new InvalidOperationException(
                    $"The first pass had {statistics.Counts[k]} examples with label {statistics.Labels[k]}, the second {seen[k]}: both must see the same data.");
            }
        }

        double withoutClassifier = classifier is null ? double.NaN : 1, withoutSpectrum = means.Spectrum.Rank == 0 ? double.NaN : 1;
        return new SecondPassStatistics(means)
        {
            Disagreement = withoutClassifier * disagreements.Sum() / total,
            ClassifierAccuracy = withoutClassifier * classifierHits.Sum() / total,
            NearestMeanAccuracy = (double)nearestHits.Sum() / total,
            DisagreementByClass = seen.Select((n, k) => withoutClassifier * disagreements[k] / n).ToArray(),
            ClassifierAccuracyByClass = seen.Select((n, k) => withoutClassifier * classifierHits[k] / n).ToArray(),
            NearestMeanAccuracyByClass = seen.Select((n, k) => (double)nearestHits[k] / n).ToArray(),
            VariabilityByClass = seen.Select((n, k) => withoutSpectrum * variability[k] / n).ToArray(),
            GlobalMean = means.Options.GlobalMean,
        };
    }

    private Span<double> NextRow(long label)
    {
        if (!classOf.TryGetValue(label, out int k) || statistics.Counts[k] == 0)
        {
            throw new ArgumentException($"The label {label} of row {total} did not occur in the first pass.", nameof(label));
        }

        classOfRow[pending] = k;
        int p = statistics.Dimension;
        return block.AsSpan(pending * p, p);
    }

    private void Close()
    {
        total++;
        if (++pending == BlockRows)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (pending == 0)
        {
            return;
        }

        int p = statistics.Dimension, classes = statistics.ClassCount, present = presentOf.Length, rank = means.Spectrum.Rank;
        if (classifier is not null)
        {
            Product(classifier, classes, scores);
        }

        for (int i = 0; i < pending; i++)
        {
            Span<double> row = block.AsSpan(i * p, p);
            TensorPrimitives.Subtract(row, means.Origin, row);
        }

        Product(means.Data, present, nearness);
        for (int i = 0; i < pending; i++)
        {
            Decide(i, scores.AsSpan(classifier is null ? 0 : i * classes, classifier is null ? 0 : classes), nearness.AsSpan(i * present, present));
        }

        if (rank > 0)
        {
            AddVariability(p, rank);
        }

        pending = 0;
    }

    private void Product(double[] vectors, int count, double[] destination) =>
        LinearAlgebraProvider.Backend.Multiply(
            true, false, count, pending, statistics.Dimension, 1, vectors, statistics.Dimension, block, statistics.Dimension, 0, destination, count);

    private void Decide(int row, Span<double> score, Span<double> inner)
    {
        // ‖h − m_k‖² = ‖h − μ‖² − 2⟨h − μ, m_k − μ⟩ + ‖m_k − μ‖²: the nearest mean maximises ⟨h − μ, m_k − μ⟩ − ‖m_k − μ‖²/2.
        for (int j = 0; j < inner.Length; j++)
        {
            inner[j] -= meanNorm2[j] / 2;
        }

        int own = classOfRow[row], nearest = presentOf[TensorPrimitives.IndexOfMax<double>(inner)];
        seen[own]++;
        nearestHits[own] += nearest == own ? 1 : 0;
        if (!score.IsEmpty)
        {
            TensorPrimitives.Add(score, bias, score);
            int chosen = TensorPrimitives.IndexOfMax<double>(score);
            classifierHits[own] += chosen == own ? 1 : 0;
            disagreements[own] += chosen == nearest ? 0 : 1;
        }
    }

    private void AddVariability(int p, int rank)
    {
        for (int i = 0; i < pending; i++)
        {
            // (h − μ) − (m_k − μ): exactly zero where h equals its class mean.
            Span<double> row = block.AsSpan(i * p, p);
            TensorPrimitives.Subtract(row, means.Data.AsSpan(Array.BinarySearch(presentOf, classOfRow[i]) * p, p), row);
        }

        Product(whitening, rank, whitened);
        for (int i = 0; i < pending; i++)
        {
            variability[classOfRow[i]] += TensorPrimitives.SumOfSquares<double>(whitened.AsSpan(i * rank, rank));
        }
    }
}
