using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Data;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Native.Exports;

/// <summary>Models of classes and of soft targets.</summary>
internal static unsafe class Models
{
    private const int CompressedColumns = 0;
    private const int CompressedRows = 1;

    [UnmanagedCallersOnly(EntryPoint = "lp_model_from_counts", CallConvs = [typeof(CallConvCdecl)])]
    public static int FromCounts(LpArray* counts, LpArray* lossWeights, LpModelConfig* config, nint* result) => Call.Create(result, () =>
    {
        LpModelConfig given = Sized.Read(config, nameof(config));
        return new ModelHandle(LayerPeeledModel.FromClassCounts(
            ArrayView.Of(counts, nameof(counts)).ToNumbers(), Regulariser(given), ArrayView.OfOrNull(lossWeights, "loss_weights")?.ToNumbers(),
            Choice.UnlessZero(given.FeatureDimension), Loss(given.Loss, "config.loss")));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_model_from_groups", CallConvs = [typeof(CallConvCdecl)])]
    public static int FromGroups(LpArray* multiplicities, LpArray* counts, LpArray* lossWeights, LpModelConfig* config, nint* result) => Call.Create(result, () =>
    {
        LpModelConfig given = Sized.Read(config, nameof(config));
        int[] classes = ArrayView.Of(multiplicities, nameof(multiplicities)).ToIndices();
        double[] examples = OfLength(ArrayView.Of(counts, nameof(counts)).ToNumbers(), classes.Length, nameof(counts));
        double[] weights = OfLength(
            ArrayView.OfOrNull(lossWeights, "loss_weights")?.ToNumbers() ?? Array.ConvertAll(classes, _ => 1.0), classes.Length, "loss_weights");
        return new ModelHandle(LayerPeeledModel.FromClassGroups(
            classes.Select((n, g) => new ClassGroup(n, examples[g], weights[g])), Regulariser(given), Choice.UnlessZero(given.FeatureDimension),
            Loss(given.Loss, "config.loss")));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_model_from_targets", CallConvs = [typeof(CallConvCdecl)])]
    public static int FromTargets(LpArray* table, LpArray* contextWeights, LpModelConfig* config, nint* result) => Call.Create(result, () =>
        OfTable(SparseColumns.FromDense(ArrayView.Of(table, nameof(table)).ToMatrix()), contextWeights, config));

    [UnmanagedCallersOnly(EntryPoint = "lp_model_from_sparse_targets", CallConvs = [typeof(CallConvCdecl)])]
    public static int FromSparseTargets(
        int layout, long rows, long columns, LpArray* starts, LpArray* indices, LpArray* values, LpArray* contextWeights, LpModelConfig* config, nint* result) =>
        Call.Create(result, () =>
        {
            int height = Size(rows, nameof(rows)), width = Size(columns, "cols");
            int[] begin = ArrayView.Of(starts, nameof(starts)).ToIndices(), index = ArrayView.Of(indices, nameof(indices)).ToIndices();
            double[] numbers = ArrayView.Of(values, nameof(values)).ToNumbers();
            return OfTable(
                layout switch
                {
                    CompressedColumns => SparseColumns.FromCompressedColumns(height, width, begin, index, numbers),
                    CompressedRows => SparseColumns.FromCompressedRows(height, width, begin, index, numbers),
                    _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "LP_CSC or LP_CSR is expected."),
                }, contextWeights, config);
        });

    [UnmanagedCallersOnly(EntryPoint = "lp_model_get_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetInfo(nint model, LpModelInfo* info) => Call.Run(() =>
        Sized.Write(info, HandleTable.Get<ModelHandle>(model, nameof(model)).Info(), nameof(info)));

    [UnmanagedCallersOnly(EntryPoint = "lp_model_get_index", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetIndex(nint model, LpArray* result) => Call.Run(() =>
    {
        ModelHandle handle = HandleTable.Get<ModelHandle>(model, nameof(model));
        ReadOnlySpan<int> index = handle.Targets is { } targets ? targets.Targets.KeptContexts : handle.Classes.GroupOfClass;
        ArrayView.OfOutput(result, "out", index.Length, 1, integers: true).WriteIntegers(index);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_model_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint model) => Call.Run(() => HandleTable.Free<ModelHandle>(model, nameof(model)));

    [UnmanagedCallersOnly(EntryPoint = "lp_long_tail", CallConvs = [typeof(CallConvCdecl)])]
    public static int WriteLongTail(double largest, double ratio, LpArray* counts) => Call.Run(() =>
    {
        int length = ArrayView.Of(counts, nameof(counts)).Length;
        IReadOnlyList<double> tail = LongTail.Counts(length, largest, ratio);
        ArrayView.OfOutput(counts, nameof(counts), length, 1).WriteVector(k => tail[k]);
    });

    /// <summary>A loss by its name; null where there is none.</summary>
    /// <exception cref="ArgumentException">There is no such loss.</exception>
    public static ILoss? Loss(byte* text, string name) => PinnedText.ReadOrNull(text, name) is not { } given ? null
        : LossCatalog.TryParse(given, out ILoss? loss, out string? error) ? loss
        : throw new ArgumentException($"The loss '{given}' is not allowed: {error}", name);

    private static Regulariser Regulariser(LpModelConfig config) => Fields(config).ToRegulariser();

    private static RegulariserFields Fields(LpModelConfig config) =>
        new(config.Regulariser, config.FeatureNorm, config.Classifier, config.Feature, config.Bias, config.BiasPenalty);

    private static ModelHandle OfTable(SparseColumns table, LpArray* contextWeights, LpModelConfig* config)
    {
        LpModelConfig given = Sized.Read(config, nameof(config));
        if (Regulariser(given) is not Budgets { FeatureNorm: FeatureNorm.PerClass } budgets)
        {
            throw new NotSupportedException("Soft targets go with budgets of features that count per context: LP_BUDGETS and LP_FEATURE_NORM_DEFAULT are expected.");
        }

        if (Loss(given.Loss, "config.loss") is not (null or CrossEntropyLoss))
        {
            throw new NotSupportedException("Soft targets go with cross-entropy: NULL is expected for config.loss.");
        }

        return new ModelHandle(new SoftTargetModel(
            SoftTargets.From(table, ArrayView.OfOrNull(contextWeights, "context_weights")?.ToNumbers()), budgets.Classifier, budgets.Feature,
            Choice.UnlessZero(given.FeatureDimension)));
    }

    private static double[] OfLength(double[] numbers, int length, string name) => numbers.Length == length ? numbers
        : throw new ArgumentException($"There are {numbers.Length} numbers; one for each of the {length} groups is expected.", name);

    private static int Size(long size, string name) => size is >= 1 and <= int.MaxValue ? (int)size
        : throw new ArgumentOutOfRangeException(name, size, $"A number from 1 to {int.MaxValue} is expected.");
}
