using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Exports;

/// <summary>Metrics of trained networks.</summary>
internal static unsafe class Measurements
{
    [UnmanagedCallersOnly(EntryPoint = "lp_measure", CallConvs = [typeof(CallConvCdecl)])]
    public static int Measure(LpNetwork* network, LpMetricsOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        LpMetricsOptions given = Sized.ReadOrDefault(options, nameof(options));
        var passes = new NetworkPasses(network);
        using RunControl run = RunControl.Of(control);
        var how = new NeuralCollapseOptions
        {
            GlobalMean = Choice.Of<GlobalMean>(given.GlobalMean, "options.global_mean"),
            RankTolerance = Choice.UnlessZero(given.RankTolerance),
            Groups = ArrayView.OfOrNull(given.Groups, "options.groups")?.ToIndices(),
        };
        return new MeasurementHandle(passes, how, given.WithinScatter != 0, given.WithoutSecondPass == 0, run.Token);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_get_metrics", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMetrics(nint measurement, LpMetrics* metrics) => Call.Run(() => Sized.Write(metrics, Get(measurement).Metrics(), nameof(metrics)));

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_get_groups", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetGroups(nint measurement, LpGroupMetrics* rows, long capacity, long* count) => Call.Run(() =>
    {
        MeasurementHandle handle = Get(measurement);
        Sized.WriteRows(rows, capacity, count, handle.GroupCount, handle.Group);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_get_classes", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetClasses(nint measurement, LpClassMetrics* rows, long capacity, long* count) => Call.Run(() =>
    {
        MeasurementHandle handle = Get(measurement);
        Sized.WriteRows(rows, capacity, count, handle.ClassCount, handle.Class);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_get_shape", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetShape(nint measurement, int which, long* rows, long* columns) => Call.Run(() =>
    {
        Matrix<double>? matrix = Get(measurement).MatrixOf(Choice.Of<MeasuredMatrix>(which, nameof(which)));
        Output.Set(rows, matrix?.RowCount ?? 0, nameof(rows));
        Output.Set(columns, matrix?.ColumnCount ?? 0, "cols");
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_get_matrix", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMatrix(nint measurement, int which, LpArray* result) => Call.Run(() =>
    {
        MeasuredMatrix kind = Choice.Of<MeasuredMatrix>(which, nameof(which));
        Matrix<double> matrix = Get(measurement).MatrixOf(kind) ?? throw new InvalidOperationException($"This measurement has no matrix {which} ({kind}).");
        ArrayView.OfOutput(result, "out", matrix.RowCount, matrix.ColumnCount).Write(matrix);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_measurement_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint measurement) => Call.Run(() => HandleTable.Free<MeasurementHandle>(measurement, nameof(measurement)));

    private static MeasurementHandle Get(nint measurement) => HandleTable.Get<MeasurementHandle>(measurement, nameof(measurement));
}
