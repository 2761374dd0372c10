using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Exports;

/// <summary>Versions, errors, lists of names, linear algebra.</summary>
internal static unsafe class Library
{
    private const int AbiVersion = 1;

    [UnmanagedCallersOnly(EntryPoint = "lp_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static nint GetLastError() => LastError.Message;

    [UnmanagedCallersOnly(EntryPoint = "lp_last_error_kind", CallConvs = [typeof(CallConvCdecl)])]
    public static nint GetLastErrorKind() => LastError.Kind;

    [UnmanagedCallersOnly(EntryPoint = "lp_version", CallConvs = [typeof(CallConvCdecl)])]
    public static nint GetVersion() => PinnedText.Forever(Version());

    [UnmanagedCallersOnly(EntryPoint = "lp_abi_version", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetAbiVersion() => AbiVersion;

    [UnmanagedCallersOnly(EntryPoint = "lp_text_get", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetText(nint text, nint* data, long* length) => Call.Run(() =>
    {
        TextHandle handle = HandleTable.Get<TextHandle>(text, nameof(text));
        Output.Set(data, handle.Address, nameof(data));
        Output.SetIfThere(length, handle.Length);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_text_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int FreeText(nint text) => Call.Run(() => HandleTable.Free<TextHandle>(text, nameof(text)));

    [UnmanagedCallersOnly(EntryPoint = "lp_names", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetNames(int which, nint* result) => Call.Create(result, () => new TextHandle(string.Join('\n', which switch
    {
        0 => SolverCatalog.All.Select(entry => entry.Name),
        1 => LossCatalog.Entries.Select(entry => entry.Syntax),
        2 => LossMitigation.Families,
        3 => LinearAlgebraProvider.Candidates.Select(c => $"{c.Name}\t{(c.IsInUse ? "in use" : c.IsAvailable ? "available" : "missing")}\t{c.Description}"),
        _ => throw new ArgumentOutOfRangeException(nameof(which), which, "One of LP_NAMES_… is expected."),
    })));

    [UnmanagedCallersOnly(EntryPoint = "lp_get_threads", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetThreads(int* threads) => Call.Run(() => Output.Set(threads, LinearAlgebraProvider.Threads, nameof(threads)));

    [UnmanagedCallersOnly(EntryPoint = "lp_set_threads", CallConvs = [typeof(CallConvCdecl)])]
    public static int SetThreads(int threads) => Call.Run(() => LinearAlgebraProvider.Threads = threads);

    [UnmanagedCallersOnly(EntryPoint = "lp_use_linear_algebra", CallConvs = [typeof(CallConvCdecl)])]
    public static int UseLinearAlgebra(byte* name) => Call.Run(() =>
    {
        string wanted = PinnedText.Read(name, nameof(name));
        LinearAlgebraProvider.Use(wanted switch
        {
            "auto" => LinearAlgebraProviderKind.Auto,
            "mkl" => LinearAlgebraProviderKind.Mkl,
            "openblas" => LinearAlgebraProviderKind.OpenBlas,
            "mathnet" => LinearAlgebraProviderKind.MathNet,
            "managed" => LinearAlgebraProviderKind.Managed,
            _ => throw new ArgumentException($"The linear algebra '{wanted}' is not known; one of auto, mkl, openblas, mathnet and managed is expected.", nameof(name)),
        });
    });

    // Without the revision that a build may append.
    private static string Version() =>
        typeof(Library).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
