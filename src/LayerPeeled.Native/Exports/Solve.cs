using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Solvers.Targets;

namespace LayerPeeled.Native.Exports;

/// <summary>Solves, their results, and certificates of points of the caller's own.</summary>
internal static unsafe class Solve
{
    [UnmanagedCallersOnly(EntryPoint = "lp_solve", CallConvs = [typeof(CallConvCdecl)])]
    public static int Run(nint model, LpSolveOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        ModelHandle handle = HandleTable.Get<ModelHandle>(model, nameof(model));
        SolveSettings settings = SolveSettings.Of(options);
        using RunControl run = RunControl.Of(control);
        return handle.Targets is { } targets
            ? new TargetSolutionHandle(new SoftTargetSolver(settings.Create()).Solve(targets, run.Progress, run.Token), settings.Options.RelativeGapTolerance)
            : new ClassSolutionHandle(settings.Create().Solve(handle.Classes, run.Progress, run.Token));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_get_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetInfo(nint solution, LpSolutionInfo* info) => Call.Run(() => Sized.Write(info, Get(solution).Info(), nameof(info)));

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_get_shape", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetShape(nint solution, int which, long* rows, long* columns) => Call.Run(() =>
    {
        (long height, long width) = Get(solution).ShapeOf(Choice.Of<MatrixKind>(which, nameof(which)));
        Output.Set(rows, height, nameof(rows));
        Output.Set(columns, width, "cols");
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_get_matrix", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMatrix(nint solution, int which, LpArray* result) => Call.Run(() =>
    {
        SolutionHandle handle = Get(solution);
        MatrixKind kind = Choice.Of<MatrixKind>(which, nameof(which));
        (long rows, long columns) = handle.ShapeOf(kind);
        if (rows == 0)
        {
            throw new InvalidOperationException($"This solution has no matrix {which} ({kind}).");
        }

        ArrayView view = ArrayView.OfOutput(result, "out", rows, columns);
        view.Write(handle.MatrixOf(kind));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_get_groups", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetGroups(nint solution, LpGroup* rows, long capacity, long* count) => Call.Run(() =>
    {
        SolutionHandle handle = Get(solution);
        Sized.WriteRows(rows, capacity, count, handle.Groups.Count, handle.Group);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_get_trace", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetTrace(nint solution, LpProgress* rows, long capacity, long* count) => Call.Run(() =>
    {
        SolutionHandle handle = Get(solution);
        Sized.WriteRows(rows, capacity, count, handle.Trace.Count, i => RunControl.Row(handle.Trace[i]));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint solution) => Call.Run(() => HandleTable.Free<SolutionHandle>(solution, nameof(solution)));

    [UnmanagedCallersOnly(EntryPoint = "lp_certify", CallConvs = [typeof(CallConvCdecl)])]
    public static int Certify(nint model, LpArray* classifier, LpArray* classMeans, LpArray* bias, LpCertificate* certificate) => Call.Run(() =>
    {
        ModelHandle handle = HandleTable.Get<ModelHandle>(model, nameof(model));
        DualityCertificate found = DualityGap.Certify(
            handle.Classes, ArrayView.Of(classifier, nameof(classifier)).ToMatrix(), ArrayView.Of(classMeans, "class_means").ToMatrix(),
            ArrayView.OfOrNull(bias, nameof(bias))?.ToVector());
        Sized.Write(certificate, CertificateFields.Of(found), nameof(certificate));
    });

    private static SolutionHandle Get(nint solution) => HandleTable.Get<SolutionHandle>(solution, nameof(solution));
}
