using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>Passes over features in the caller's memory, in blocks: nothing as large as the features is ever held.</summary>
internal sealed unsafe class NetworkPasses
{
    private const int BlockRows = 512;
    private readonly ArrayView features;
    private readonly ArrayView labels;
    private readonly ArrayView? others;
    private readonly long[]? classLabels;

    public NetworkPasses(LpNetwork* network)
    {
        LpNetwork given = Sized.Read(network, nameof(network));
        features = Features(ArrayView.Of(given.Features, "network.features"), "network.features");
        labels = ArrayView.Of(given.Labels, "network.labels");
        if (labels.IsFloating)
        {
            throw new ArgumentException("Labels are whole numbers: dtype must be LP_INT64 or LP_INT32.", "network.labels");
        }

        if (labels.Length != features.Rows)
        {
            throw new ArgumentException($"There are {features.Rows} rows of features and {labels.Length} labels.", "network.labels");
        }

        others = ArrayView.OfOrNull(given.OtherFeatures, "network.other_features") is { } other ? Features(other, "network.other_features") : null;
        if (others is { } o && o.Columns != features.Columns)
        {
            throw new ArgumentException($"The other features have {o.Columns} columns and the features {features.Columns}.", "network.other_features");
        }

        classLabels = ArrayView.OfOrNull(given.ClassLabels, "network.class_labels")?.ToIntegers();
        Classifier = ArrayView.OfOrNull(given.Weight, "network.weight")?.ToMatrix();
        Bias = ArrayView.OfOrNull(given.Bias, "network.bias")?.ToVector();
    }

    private delegate void Block<T>(ReadOnlySpan<T> rows, ReadOnlySpan<long> labels);

    /// <summary>W, K×p; null where there is none.</summary>
    public Matrix<double>? Classifier { get; }

    /// <summary>b; null where there is none.</summary>
    public Vector<double>? Bias { get; }

    public FeatureStatistics First(bool withinScatter, CancellationToken token)
    {
        var pass = new FeatureAccumulator((int)features.Columns, withinScatter);
        Run(features, labels, pass.Add, pass.Add, token);
        return pass.ToStatistics(classLabels);
    }

    public SecondPassStatistics Second(FeatureStatistics statistics, NeuralCollapseOptions options, CancellationToken token)
    {
        var pass = new SecondPassAccumulator(statistics, Classifier, Bias, options);
        Run(features, labels, pass.Add, pass.Add, token);
        return pass.ToStatistics();
    }

    /// <summary>NC5; null without other data.</summary>
    public OutOfDistributionMetrics? OutOfDistribution(FeatureStatistics statistics, CancellationToken token)
    {
        if (others is not { } other)
        {
            return null;
        }

        var pass = new OutOfDistributionAccumulator(statistics);
        Run(other, null, (ReadOnlySpan<float> rows, ReadOnlySpan<long> _) => pass.Add(rows), (ReadOnlySpan<double> rows, ReadOnlySpan<long> _) => pass.Add(rows), token);
        return pass.ToMetrics();
    }

    private static ArrayView Features(ArrayView view, string name) =>
        !view.IsFloating ? throw new ArgumentException("Features are LP_FLOAT32 or LP_FLOAT64.", name)
        : view.Rows < 1 || view.Columns < 1 || view.Columns > int.MaxValue / BlockRows
            ? throw new ArgumentException($"The features are {view.Rows}×{view.Columns}; N×p with at least 1 row and 1 to {int.MaxValue / BlockRows} columns are expected.", name)
        : view;

    private static void Run(ArrayView rows, ArrayView? of, Block<float> single, Block<double> full, CancellationToken token)
    {
        if (rows.Type == ElementType.Float32)
        {
            Run(rows, of, single, token);
        }
        else
        {
            Run(rows, of, full, token);
        }
    }

    private static void Run<T>(ArrayView rows, ArrayView? of, Block<T> add, CancellationToken token)
        where T : unmanaged
    {
        var space = new T[rows.IsPacked ? 0 : BlockRows * rows.Columns];
        long[] ids = new long[BlockRows];
        for (long i = 0; i < rows.Rows; i += BlockRows)
        {
            token.ThrowIfCancellationRequested();
            int count = (int)Math.Min(BlockRows, rows.Rows - i);
            of?.CopyIntegers((int)i, ids.AsSpan(0, count));
            add(rows.RowsOf<T>(i, count, space), ids.AsSpan(0, count));
        }
    }
}
