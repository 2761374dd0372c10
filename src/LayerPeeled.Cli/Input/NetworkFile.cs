using System.Globalization;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Input;

/// <summary>The last layer of a network: labels and classifier in memory, features streamed in blocks of rows.</summary>
internal sealed class NetworkFile : IDisposable
{
    /// <summary>The array with features of examples that belong to none of the classes.</summary>
    public const string OtherFeatures = "ood_features";

    // Numbers held at once.
    private const int BlockSize = 1 << 20;

    private readonly NumpySource source;
    private readonly List<string> notes = [];
    private readonly ClassLabels labels;

    // The class of each row of the classifier, where it was given; the name of each class by its id, where there are names.
    private readonly long[]? rowIds;
    private readonly IReadOnlyList<string>? names;

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
            labels = Read("labels", ClassLabels.Read);
            notes.AddRange(labels.Notes.Select(note => $"'labels': {note}."));
            Classifier = needsClassifier || source.Has("weight") ? Read("weight", reader => Squeezed(reader, "weight", 2).ReadMatrix()) : null;
            Bias = source.Has("bias") ? Read("bias", reader => Squeezed(reader, "bias", 1).ReadVector()) : null;
            ClassLabels? rows = source.Has("row_labels") ? Read("row_labels", ClassLabels.Read) : null;
            names = labels.Names;
            if (rows is not null)
            {
                notes.AddRange(rows.Names is null ? rows.Notes.Select(note => $"'row_labels': {note}.") : []);
                (rowIds, names) = Rows(rows);
            }

            RequireShapes();
            RequireRows();
            names = names?.Select(Printable).ToArray();
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

    /// <summary>What was done to read arrays that are not of the shapes and types asked for, one sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The first pass over the features.</summary>
    /// <exception cref="UsageException">They are malformed or do not fit the labels and the classifier.</exception>
    public FeatureStatistics First(RedrawnLine progress) => ReadFeatures(reader =>
    {
        var accumulator = new FeatureAccumulator(reader.ColumnCount, withinScatter: false);
        Pass(reader, "first pass", progress, accumulator.Add);
        FeatureStatistics statistics = accumulator.ToStatistics(rowIds);
        statistics = Classifier is null ? statistics : statistics.ForClassifier(Classifier.RowCount);
        return names is null ? statistics : statistics.WithNames([.. statistics.Labels.Select(id => names[(int)id])]);
    });

    /// <summary>The second pass.</summary>
    /// <exception cref="UsageException">The features are malformed or do not fit.</exception>
    public SecondPassStatistics Second(FeatureStatistics statistics, NeuralCollapseOptions options, RedrawnLine progress) => ReadFeatures(reader =>
    {
        var accumulator = new SecondPassAccumulator(statistics, Classifier, Bias, options);
        Pass(reader, "second pass", progress, accumulator.Add);
        return accumulator.ToStatistics();
    });

    /// <summary>The pass over the features of other data; null where there are none.</summary>
    /// <exception cref="UsageException">They are malformed or do not fit.</exception>
    public OutOfDistributionMetrics? Other(FeatureStatistics statistics, RedrawnLine progress) => !source.Has(OtherFeatures) ? null : Read(OtherFeatures, reader =>
    {
        reader.Squeeze(2);
        int dimension = reader.ColumnCount;
        long rows = reader.RowCount, done = 0;
        if (rows == 0 || dimension != statistics.Dimension)
        {
            throw new UsageException($"{reader.Name} has the shape {rows}×{dimension}; at least one row of {statistics.Dimension} numbers, as 'features' has, is expected.");
        }

        var accumulator = new OutOfDistributionAccumulator(statistics);
        var block = new double[Math.Max(1, BlockSize / dimension) * dimension];
        for (int n; (n = reader.ReadRows(block.AsSpan())) > 0; done += n)
        {
            accumulator.Add(block.AsSpan(0, n * dimension));
            progress.Update(elapsed => string.Create(CultureInfo.InvariantCulture, $"other data  {done} of {rows} rows  {elapsed.TotalSeconds:f0} s"));
        }

        return accumulator.ToMetrics();
    });

    public void Dispose() => source.Dispose();

    private delegate void AddRows(ReadOnlySpan<double> rows, ReadOnlySpan<long> labels);

    private void Pass(NpyReader features, string name, RedrawnLine progress, AddRows add)
    {
        int dimension = features.ColumnCount, done = 0;
        var block = new double[Math.Max(1, BlockSize / dimension) * dimension];
        for (int n; (n = features.ReadRows(block.AsSpan())) > 0; done += n)
        {
            add(block.AsSpan(0, n * dimension), labels.Ids.Slice(done, n));
            progress.Update(elapsed => string.Create(CultureInfo.InvariantCulture, $"{name}  {done} of {labels.Ids.Length} rows  {elapsed.TotalSeconds:f0} s"));
        }
    }

    private NpyReader Squeezed(NpyReader reader, string array, int axes)
    {
        if (reader.Squeeze(axes))
        {
            notes.Add($"'{array}': the shape {reader.Header.ShapeText} is read as ({string.Join(", ", reader.Shape)}{(axes == 1 ? "," : "")}).");
        }

        return reader;
    }

    /// <summary>The ids that the labels of the rows have among those of the examples, and all names by id: rows may name classes without examples.</summary>
    private (long[] Ids, IReadOnlyList<string>? Names) Rows(ClassLabels rows)
    {
        if (rows.Names is null != labels.Names is null)
        {
            throw new UsageException(
                $"'labels' holds {(labels.Names is null ? "numbers" : "names")} and 'row_labels' {(rows.Names is null ? "numbers" : "names")}; both must be of one kind.");
        }

        long[] ids = rows.Ids.ToArray();
        if (rows.Names is not { } rowNames)
        {
            return (ids, null);
        }

        string[] all = [.. labels.Names!, .. rowNames.Except(labels.Names!)];
        Dictionary<string, long> place = all.Index().ToDictionary(name => name.Item, name => (long)name.Index);
        return (Array.ConvertAll(ids, id => place[rowNames[(int)id]]), all);
    }

    private void RequireShapes()
    {
        Read("features", reader =>
        {
            Squeezed(reader, "features", 2);
            if (labels.Ids.Length == 0 || reader.RowCount != labels.Ids.Length)
            {
                throw new UsageException($"{reader.Name} has {reader.RowCount} rows and 'labels' {labels.Ids.Length}; one label a row and at least one row are expected.");
            }

            if (Classifier is not null && reader.ColumnCount != Classifier.ColumnCount)
            {
                throw new UsageException($"{reader.Name} has {reader.ColumnCount} columns and 'weight' {Classifier.ColumnCount}; as many are expected."
                    + (Classifier.RowCount == reader.ColumnCount ? " 'weight' looks transposed: it must be K×p, one row a class; save weight.T." : ""));
            }

            return 0;
        });
        if (Bias is not null && Classifier is not null && Bias.Count != Classifier.RowCount)
        {
            throw new UsageException($"'bias' has {Bias.Count} numbers and 'weight' {Classifier.RowCount} rows; as many are expected.");
        }

        if (rowIds is not null && Classifier is not null && rowIds.Length != Classifier.RowCount)
        {
            throw new UsageException($"'row_labels' has {rowIds.Length} labels and 'weight' {Classifier.RowCount} rows; as many are expected.");
        }
    }

    /// <summary>Throws where it is not certain which row of the classifier is whose.</summary>
    private void RequireRows()
    {
        if (Classifier is null || rowIds is not null)
        {
            return;
        }

        int rows = Classifier.RowCount;
        if (labels.Names is { } given)
        {
            if (given.Count != rows)
            {
                throw new UsageException($"'labels' names {given.Count} classes and 'weight' has {rows} rows; 'row_labels' must name the class of each row.");
            }

            notes.Add("'weight': its rows are taken to be those of the names in ascending order; 'row_labels' says otherwise.");
        }

        if (labels.OneHotClasses is { } columns && columns != rows)
        {
            throw new UsageException($"'labels' has {columns} columns and 'weight' {rows} rows; as many are expected, or 'row_labels' must give the column of each row.");
        }
    }

    // Names go to terminals.
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));

    private T ReadFeatures<T>(Func<NpyReader, T> read) => Read("features", reader =>
    {
        reader.Squeeze(2);
        return read(reader);
    });

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
            // A pass over the features checks the classifier that it is made with.
            string wrong = error.ParamName switch { "classifier" => "weight", "bias" => "bias", _ => array };
            throw new UsageException($"'{wrong}': {UsageException.WithoutParameter(error)}");
        }
    }
}
