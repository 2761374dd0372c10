using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <content>Finding a library, and refusing one that does not compute what it should.</content>
internal sealed unsafe partial class NativeBackend
{
    private static readonly string[] MklNames =
    [
        "libmkl_rt.so", "libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so.1",
        "mkl_rt.dll", "mkl_rt.3.dll", "mkl_rt.2.dll", "mkl_rt.1.dll",
        "libmkl_rt.dylib", "libmkl_rt.3.dylib", "libmkl_rt.2.dylib", "libmkl_rt.1.dylib",
    ];

    // Homebrew keeps OpenBLAS outside the loader's path.
    private static readonly string[] OpenBlasNames =
    [
        "libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0",
        "libopenblas.dll", "openblas.dll",
        "libopenblas.dylib", "libopenblas.0.dylib",
        "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
    ];

    // A library is loaded, or refused, once in a process.
    private static readonly Lazy<(NativeBackend? Backend, string Reason)> Mkl = new(() => LoadFirst("mkl", ForThisSystem(MklNames)));
    private static readonly Lazy<(NativeBackend? Backend, string Reason)> OpenBlas = new(() => LoadFirst("openblas", ForThisSystem(OpenBlasNames)));

    public static bool TryLoadMkl([NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        (backend, reason) = Mkl.Value;
        return backend is not null;
    }

    public static bool TryLoadOpenBlas([NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        (backend, reason) = OpenBlas.Value;
        return backend is not null;
    }

    /// <summary>Loads one file (a path, or a name the system's loader resolves) and tests it; on failure says why in <paramref name="reason"/>.</summary>
    internal static bool TryLoad(string name, string file, [NotNullWhen(true)] out NativeBackend? backend, out string reason)
    {
        (backend, reason) = LoadFirst(name, [file]);
        return backend is not null;
    }

    private static string[] ForThisSystem(string[] names)
    {
        string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        return Array.FindAll(names, name => name.Contains(extension, StringComparison.Ordinal));
    }

    private static (NativeBackend? Backend, string Reason) LoadFirst(string name, string[] names)
    {
        if (!OperatingSystem.IsLinux())
        {
            return LoadUntried(name, names);
        }

        if (LibrarySearch.FindHazard() is { } hazard)
        {
            return (null, hazard);
        }

        string[] files = Array.ConvertAll(names, Locate);
        try
        {
            return name == "mkl" ? LoadMkl(files) : LoadAfterTrial(name, new NativeLoadPlan(files), null, out _);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return (null, $"not tried: {e.Message}");
        }
    }

    /// <summary>A file beside the application comes before one of that name that the system would find.</summary>
    private static string Locate(string file) =>
        LibrarySearch.ApplicationFolders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) ?? file;

    /// <summary>MKL picks its parts at the first call, and ends the process when they do not fit: each threading layer has a trial of its own.</summary>
    [SupportedOSPlatform("linux")]
    private static (NativeBackend? Backend, string Reason) LoadMkl(string[] files)
    {
        string? wish = Environment.GetEnvironmentVariable(MklLayer.EnvironmentVariable);
        string passedOver = "";
        foreach (MklLayer layer in MklLayer.InOrder(wish, PosixCalls.Instance.IsResident))
        {
            var plan = new NativeLoadPlan(files, layer.OpenMp, layer.Number);
            (NativeBackend? backend, string reason) = LoadAfterTrial("mkl", plan, layer + passedOver, out TrialBlame blame);
            if (backend is not null || blame == TrialBlame.Library)
            {
                return (backend, reason);
            }

            // That a run-time is not installed is worth a word only where it was wished for.
            if (blame == TrialBlame.Layer || layer.IsWished(wish))
            {
                passedOver += $"; {layer} not used: {reason}";
            }
        }

        return (null, passedOver.TrimStart(' ', ';'));
    }

    [SupportedOSPlatform("linux")]
    private static (NativeBackend? Backend, string Reason) LoadAfterTrial(string name, NativeLoadPlan plan, string? remark, out TrialBlame blame)
    {
        string refused = "";
        blame = TrialBlame.Library;
        while (true)
        {
            TrialOutcome trial = NativeTrial.Run(plan);
            if (trial.Fault is null)
            {
                return LoadTried(name, plan, plan.Files[trial.File], remark);
            }

            if (refused.Length == 0)
            {
                (refused, blame) = (trial.Fault, trial.Blame);
            }

            // The next of the names may stand for another file.
            if (trial.File < 0 || trial.File + 1 >= plan.Files.Count)
            {
                return (null, refused);
            }

            plan = plan with { Files = [.. plan.Files.Skip(trial.File + 1)] };
        }
    }

    [SupportedOSPlatform("linux")]
    private static (NativeBackend? Backend, string Reason) LoadTried(string name, NativeLoadPlan plan, string file, string? remark)
    {
        PosixCalls posix = PosixCalls.Instance;
        string error = "";
        if (plan.OpenMp is not null && posix.Open(plan.OpenMp, PosixCalls.Global, out error) == 0)
        {
            return (null, $"{plan.OpenMp} does not load: {error}");
        }

        nint library = posix.Open(file, PosixCalls.OwnSymbolsFirst, out error);
        return library == 0 ? (null, $"{file} does not load: {error}") : Bind(name, file, library, plan.ThreadingLayer, remark);
    }

    /// <summary>Where no trial is possible. A missing file is the common case and needs no exception.</summary>
    private static (NativeBackend? Backend, string Reason) LoadUntried(string name, string[] names)
    {
        string refused = "";
        foreach (string file in LibrarySearch.Files(names))
        {
            if (NativeLibrary.TryLoad(file, out nint library))
            {
                bool openMp = Array.Exists(LibrarySearch.Files(["libiomp5md.dll", "libiomp5.dylib"]), f => NativeLibrary.TryLoad(f, out _));
                (NativeBackend? backend, string reason) = Bind(name, file, library, openMp ? 0 : 1, openMp ? "Intel OpenMP layer" : "sequential layer");
                if (backend is not null)
                {
                    return (backend, "");
                }

                refused = reason;
            }
            else
            {
                refused = $"{file} does not load";
            }
        }

        return (null, refused.Length > 0 ? refused : $"not installed: none of {string.Join(", ", names)} is where libraries are looked for");
    }

    // A refused library stays loaded: unloading one whose threads have started is not safe.
    private static (NativeBackend? Backend, string Reason) Bind(string name, string file, nint library, int? threadingLayer, string? remark)
    {
        try
        {
            var functions = new NativeFunctions(library);
            functions.SetLayers(threadingLayer);
            if (FindFault(functions) is string fault)
            {
                return (null, $"{file} failed its self-test: {fault}");
            }

            string version = functions.ReadVersion();
            string description = $"{name}: {string.Join(", ", new[] { version, remark }.Where(part => !string.IsNullOrEmpty(part)))} ({file})";
            return (new NativeBackend(name, description, functions, FindWeakness(functions, version)), "");
        }
        catch (EntryPointNotFoundException e)
        {
            return (null, $"{file} {e.Message}");
        }
    }

    private static string? FindWeakness(NativeFunctions functions, string version) =>
        VectorWidth.LeftIdleBy(string.Join(' ', version, functions.ReadInstructions())) ? "its kernels leave a part of each vector register idle"
        : functions.GetThreads == null && Environment.ProcessorCount > 1 ? "it keeps to one thread"
        : null;
}
