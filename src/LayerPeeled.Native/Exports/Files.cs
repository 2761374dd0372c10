using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Data;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Exports;

/// <summary>Solutions in files.</summary>
internal static unsafe class Files
{
    [UnmanagedCallersOnly(EntryPoint = "lp_solution_save", CallConvs = [typeof(CallConvCdecl)])]
    public static int Save(nint solution, byte* path, LpSaveOptions* options) => Call.Run(() =>
    {
        LayerPeeledSolution solved = Solved(solution);
        SolutionJsonOptions how = Options(options);
        string file = PinnedText.Read(path, nameof(path));
        bool isArchive = SolutionFile.FormatOf(file) == SolutionFormat.Npz;
        if (!isArchive && !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotSupportedException($"The file '{file}' must end in .json or .npz.");
        }

        if (isArchive && !how.IncludeMatrices)
        {
            throw new NotSupportedException($"The file '{file}' holds the matrices: options.without_matrices is for .json alone.");
        }

        AtomicFile.Write(file, stream =>
        {
            if (isArchive)
            {
                SolutionNpz.Write(stream, solved, how);
            }
            else
            {
                SolutionJson.Write(stream, solved, how);
            }
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_to_json", CallConvs = [typeof(CallConvCdecl)])]
    public static int ToJson(nint solution, LpSaveOptions* options, nint* result) => Call.Create(result, () =>
        new TextHandle(SolutionJson.ToText(Solved(solution), Options(options))));

    [UnmanagedCallersOnly(EntryPoint = "lp_solution_load", CallConvs = [typeof(CallConvCdecl)])]
    public static int Load(byte* path, nint* result) => Call.Create(result, () => new LoadedSolutionHandle(Read(path)));

    [UnmanagedCallersOnly(EntryPoint = "lp_verify", CallConvs = [typeof(CallConvCdecl)])]
    public static int Verify(byte* path, nint* result) => Call.Create(result, () => new VerificationHandle(SolutionVerifier.Verify(Read(path))));

    [UnmanagedCallersOnly(EntryPoint = "lp_verification_get_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetInfo(nint verification, LpVerificationInfo* info) => Call.Run(() => Sized.Write(info, Get(verification).Info(), nameof(info)));

    [UnmanagedCallersOnly(EntryPoint = "lp_verification_get_certificate", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetCertificate(nint verification, LpCertificate* certificate) => Call.Run(() =>
        Sized.Write(certificate, CertificateFields.Of(Get(verification).Verification.Certificate), nameof(certificate)));

    [UnmanagedCallersOnly(EntryPoint = "lp_verification_get_checks", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetChecks(nint verification, LpCheck* rows, long capacity, long* count) => Call.Run(() =>
    {
        VerificationHandle handle = Get(verification);
        Sized.WriteRows(rows, capacity, count, handle.Verification.Checks.Count, handle.Check);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_verification_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint verification) => Call.Run(() => HandleTable.Free<VerificationHandle>(verification, nameof(verification)));

    private static VerificationHandle Get(nint verification) => HandleTable.Get<VerificationHandle>(verification, nameof(verification));

    private static LayerPeeledSolution Solved(nint solution) => HandleTable.Get<SolutionHandle>(solution, nameof(solution)) is ClassSolutionHandle own
        ? own.Solution
        : throw new NotSupportedException("Only solutions of models of classes, as lp_solve gives them, are written.");

    private static SavedSolution Read(byte* path) => SolutionFile.Read(PinnedText.Read(path, nameof(path)));

    private static SolutionJsonOptions Options(LpSaveOptions* options)
    {
        LpSaveOptions given = Sized.ReadOrDefault(options, nameof(options));
        return new SolutionJsonOptions
        {
            IncludeMatrices = given.WithoutMatrices == 0,
            ClassNames = PinnedText.ReadAll(given.ClassNames, given.ClassNameCount, "options.class_names"),
            Source = PinnedText.ReadOrNull(given.Source, "options.source"),
        };
    }
}
