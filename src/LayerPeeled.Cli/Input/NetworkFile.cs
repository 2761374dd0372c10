using System.Globalization;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Input;

/// <summary>The last layer of a network: labels and classifier in memory, features streamed in blocks of rows.</summary>
internal sealed class NetworkFile : IDisposable
{
    // Numbers held at once.
    private const int BlockSize = 1 << 20;

    private readonly NumpySource source;
    private readonly long[] labels;
    private readonly long[]? rowLabels;

    /// <summary>Reads everything but the features.</summary>
    /// <param name="archive">Path of the archive, if there is one.</param>
    /// <param name="files">Paths of single arrays by name.</param>
    /// <param name="needsClassifier">Whether 'weight' must be there.</param>
    /// <exception cref="UsageException">An array is missing or malformed.</exception>
    public NetworkFile(string? archive, IReadOnlyDictionary<string, string?> files, bool needsClassifier)
    {
        source = new NumpySource(archive, files);
        try
        {
            labels = Read("labels", reader => reader.ReadLabels());
            Classifier = needsClassifier || source.Has("weight") ? Read("weight", reader => reader.ReadMatrix()) : null;
            Bias = source.Has("bias") ? Read("bias", reader => reader.ReadVector()) : null;
            rowLabels = source.Has("row_labels") ? Read("row_labels", reader => reader.ReadLabels()) : null;
            RequireShapes();
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>W, K×p.</summary>
    public Matrix<double>? Classifier { get; }

    /// <summary>b, length K.</summary>
    public Vector<double>? Bias { get; }

    /// <summary>The first pass over the features.</summary>
    /// <exception cref="UsageException">They are malformed or do not fit the labels and the classifier.</exception>
    public FeatureStatistics First(RedrawnLine progress) => Read("features", reader =>
    {
        var accumulator = new FeatureAccumulator(reader.ColumnCount, withinScatter: false);
        Pass(reader, "first pass", progress, accumulator.Add);
        FeatureStatistics statistics = accumulator.ToStatistics(rowLabels);
        return Classifier is null ? statistics : statistics.ForClassifier(Classifier.RowCount);
    });

    /// <summary>The second pass.</summary>
    /// <exception cref="UsageException">The features are malformed or do not fit.</exception>
    public SecondPassStatistics Second(FeatureStatistics statistics, NeuralCollapseOptions options, RedrawnLine progress) => Read("features", reader =>
    {
        var accumulator = new SecondPassAccumulator(statistics, Classifier, Bias, options);
        Pass(reader, "second pass", progress, accumulator.Add);
        return accumulator.ToStatistics();
    });

    public void Dispose() => source.Dispose();

    private delegate void AddRows(ReadOnlySpan<double> rows, ReadOnlySpan<long> labels);

    private void Pass(NpyReader features, string name, RedrawnLine progress, AddRows add)
    {
        int dimension = features.ColumnCount, done = 0;
        var block = new double[Math.Max(1, BlockSize / dimension) * dimension];
        for (int n; (n = features.ReadRows(block.AsSpan())) > 0; done += n)
        {
            add(block.AsSpan(0, n * dimension), labels.AsSpan(done, n));
            progress.Update(elapsed => string.Create(CultureInfo.InvariantCulture, $"{name}  {done} of {labels.Length} rows  {elapsed.TotalSeconds:f0} s"));
        }
    }

    private void RequireShapes()
    {
        Read("features", reader =>
        {
            if (labels.Length == 0 || reader.RowCount != labels.Length)
            {
                throw new UsageException($"{reader.Name} has {reader.RowCount} rows and 'labels' {labels.Length} numbers; one label a row and at least one row are expected.");
            }

            if (Classifier is not null && reader.ColumnCount != Classifier.ColumnCount)
            {
                throw new UsageException($"{reader.Name} has {reader.ColumnCount} columns and 'weight' {Classifier.ColumnCount}; as many are expected.");
            }

            return 0;
        });
        if (Bias is not null && Classifier is not null && Bias.Count != Classifier.RowCount)
        {
            throw new UsageException($"'bias' has {Bias.Count} numbers and 'weight' {Classifier.RowCount} rows; as many are expected.");
        }

        if (rowLabels is not null && Classifier is not null && rowLabels.Length != Classifier.RowCount)
        {
            throw new UsageException($"'row_labels' has {rowLabels.Length} numbers and 'weight' {Classifier.RowCount} rows; as many are expected.");
        }
    }

    // What the library says of the data is meant for the user.
    private T Read<T>(string array, Func<NpyReader, T> read)
    {
        try
        {
            using NpyReader reader = source.Open(array);
            return read(reader);
        }
        catch (NpyFormatException error)
        {
            throw new UsageException(error.Message);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"'{array}': {UsageException.WithoutParameter(error)}");
        }
    }
}
