using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Data;
using LayerPeeled.Data.Targets;
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
        SolutionHandle given = HandleTable.Get<SolutionHandle>(solution, nameof(solution));
        SolutionJsonOptions how = Options(options);
        string file = PinnedText.Read(path, nameof(path));
        bool isArchive = FormatOf(file) == SolutionFormat.Npz;
        if (isArchive && !how.IncludeMatrices)
        {
            throw new NotSupportedException($"The file '{file}' holds the matrices: options.without_matrices is for .json alone.");
        }

        if (given is TargetSolutionHandle targets)
        {
            if (!isArchive)
            {
                throw new NotSupportedException($"The file '{file}' must end in .npz: solutions of soft targets are written as arrays alone.");
            }

            AtomicFile.Write(file, stream => TargetSolutionNpz.Write(stream, targets.Solution));
            return;
        }

        LayerPeeledSolution solved = Solved(given);
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
        new TextHandle(SolutionJson.ToText(Solved(HandleTable.Get<SolutionHandle>(solution, nameof(solution))), Options(options))));

    [UnmanagedCallersOnly(EntryPoint = "lp_convert", CallConvs = [typeof(CallConvCdecl)])]
    public static int Convert(byte* source, byte* target) => Call.Run(() =>
    {
        string from = PinnedText.Read(source, nameof(source)), to = PinnedText.Read(target, nameof(target));
        SolutionFormat format = FormatOf(to);
        using FileStream stream = File.OpenRead(from);
        AtomicFile.Write(to, destination => SolutionFile.Convert(stream, destination, format));
    });

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

    private static LayerPeeledSolution Solved(SolutionHandle solution) => solution switch
    {
        ClassSolutionHandle own => own.Solution,
        LoadedSolutionHandle => throw new NotSupportedException("The solution was loaded from a file: lp_convert writes that in another format, lp_solution_save what lp_solve gave."),
        _ => throw new NotSupportedException("A solution of soft targets has no JSON: lp_solution_save writes its arrays to a file that ends in .npz."),
    };

    private static SolutionFormat FormatOf(string file) =>
        SolutionFile.FormatOf(file) == SolutionFormat.Npz || file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? SolutionFile.FormatOf(file)
            : throw new NotSupportedException($"The file '{file}' must end in .json or .npz.");

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
