using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <content>Finding a library, and refusing one that does not compute what it should.</content>
internal sealed unsafe partial class NativeBackend
{
    private const int MklIntel = 0;
    private const int MklSequential = 1;
    private const int MklGnu = 3;

    private static readonly string[] MklNames =
    [
        "libmkl_rt.so", "libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so.1",
        "mkl_rt.dll", "mkl_rt.3.dll", "mkl_rt.2.dll", "mkl_rt.1.dll",
        "libmkl_rt.dylib", "libmkl_rt.3.dylib", "libmkl_rt.2.dylib", "libmkl_rt.1.dylib",
    ];

    private static readonly string[] WideCores = ["SkylakeX", "Cooperlake", "SapphireRapids"];

    // Homebrew keeps OpenBLAS outside the loader's path.
    private static readonly string[] OpenBlasNames =
    [
        "libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0",
        "libopenblas.dll", "openblas.dll",
        "libopenblas.dylib", "libopenblas.0.dylib",
        "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
    ];

    public static bool TryLoadMkl([NotNullWhen(true)] out NativeBackend? backend, out string reason) =>
        TryLoadFirst("mkl", MklNames, out backend, out reason);

    public static bool TryLoadOpenBlas([NotNullWhen(true)] out NativeBackend? backend, out string reason) =>
        TryLoadFirst("openblas", OpenBlasNames, out backend, out reason);

    /// <summary>Loads one file (a path, or a name the system's loader resolves) and tests it; on failure says why in <paramref name="reason"/>.</summary>
    internal static bool TryLoad(string name, string file, [NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        backend = null;
        nint library;
        try
        {
            library = NativeLibrary.Load(file, typeof(NativeBackend).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            reason = $"{file} does not load: {FirstLine(e.Message)}";
            return false;
        }

        return TryBind(name, file, library, out backend, out reason);
    }

    // A refused library stays loaded: unloading one whose threads have started is not safe.
    private static bool TryBind(string name, string file, nint library, [NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        backend = null;
        try
        {
            PrepareMkl(library);
            var functions = new NativeFunctions(library);
            if (FindFault(functions) is string fault)
            {
                reason = $"{file} failed its self-test: {fault}";
                return false;
            }

            string version = functions.ReadVersion();
            backend = new NativeBackend(name, version.Length == 0 ? $"{name}: {file}" : $"{name}: {version} ({file})", functions, LeavesVectorsIdle(name, version));
            reason = "";
            return true;
        }
        catch (EntryPointNotFoundException e)
        {
            reason = $"{file} is not usable: {e.Message}";
            return false;
        }
    }

    // OpenBLAS falls back to kernels for older processors where it does not know the one it is on, and says which in its version. Its 256-bit products
    // take 1.7 times as long as the managed 512-bit ones; its 512-bit products take as long.
    private static bool LeavesVectorsIdle(string name, string version) =>
        name == "openblas" && Vector512.IsHardwareAccelerated
        && !Array.Exists(WideCores, core => version.Contains(core, StringComparison.OrdinalIgnoreCase));

    private static bool TryLoadFirst(string name, string[] files, [NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string refused = "";
        string[] here = Array.FindAll(files, f => f.Contains(extension, StringComparison.Ordinal));
        foreach (string file in here)
        {
            // A missing file is the common case and needs no exception.
            if (!NativeLibrary.TryLoad(file, typeof(NativeBackend).Assembly, null, out nint library))
            {
                continue;
            }

            if (TryBind(name, file, library, out backend, out reason))
            {
                return true;
            }

            refused = reason;
        }

        backend = null;
        reason = refused.Length > 0 ? refused : $"not installed: the system finds none of {string.Join(", ", here)}";
        return false;
    }

    /// <summary>
    /// The single dynamic library of MKL picks its parts at the first call: 32-bit integers, and a threading layer whose run-time
    /// library is there (MKL ends the process when it is not).
    /// </summary>
    private static void PrepareMkl(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "MKL_Set_Interface_Layer", out nint setInterface))
        {
            return;
        }

        ((delegate* unmanaged[Cdecl]<int, int>)setInterface)(0);
        if (NativeLibrary.TryGetExport(library, "MKL_Set_Threading_Layer", out nint setThreading)
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MKL_THREADING_LAYER")))
        {
            int layer = Loads("libiomp5.so", "libiomp5md.dll", "libiomp5.dylib") ? MklIntel
                : OperatingSystem.IsLinux() && Loads("libgomp.so.1") ? MklGnu
                : MklSequential;
            ((delegate* unmanaged[Cdecl]<int, int>)setThreading)(layer);
        }
    }

    private static bool Loads(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(NativeBackend).Assembly, null, out _))
            {
                return true;
            }
        }

        return false;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
