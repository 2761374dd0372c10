using System.Runtime.InteropServices;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// Entry points of one native BLAS and LAPACK library, bound by name. CBLAS takes its arguments by value; LAPACK is
/// Fortran: every argument by address, and one hidden length for each CHARACTER argument at the end.
/// </summary>
internal sealed unsafe class NativeFunctions
{
    public const int ColumnMajor = 102;
    public const int Plain = 111;
    public const int Transposed = 112;
    public const int Lower = 122;

    public const string SetInterfaceLayer = "MKL_Set_Interface_Layer";
    public const string SetThreadingLayer = "MKL_Set_Threading_Layer";

    /// <summary>Names of the routines that a library must have, in the order of the places of <see cref="TrialScript"/>.</summary>
    public static readonly string[] Required = ["cblas_dgemm", "cblas_dsyrk", "dgesdd_", "dsyevd_", "dpotrf_"];

    private readonly nint _library;

    /// <exception cref="EntryPointNotFoundException">A required function is missing.</exception>
    public NativeFunctions(nint library)
    {
        _library = library;
        Gemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)Require(TrialScript.Gemm);
        Syrk = (delegate* unmanaged[Cdecl]<int, int, int, int, int, double, double*, int, double, double*, int, void>)Require(TrialScript.Syrk);
        Gesdd = (delegate* unmanaged[Cdecl]<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, nuint, void>)Require(TrialScript.Gesdd);
        Syevd = (delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, nuint, nuint, void>)Require(TrialScript.Syevd);
        Potrf = (delegate* unmanaged[Cdecl]<byte*, int*, double*, int*, int*, nuint, void>)Require(TrialScript.Potrf);
        // A build of OpenBLAS without threads has the functions all the same.
        if (!NativeLibrary.TryGetExport(library, "openblas_get_parallel", out nint parallel) || ((delegate* unmanaged[Cdecl]<int>)parallel)() != 0)
        {
            SetThreads = (delegate* unmanaged[Cdecl]<int, void>)Optional("MKL_Set_Num_Threads", "openblas_set_num_threads");
            GetThreads = (delegate* unmanaged[Cdecl]<int>)Optional("MKL_Get_Max_Threads", "openblas_get_num_threads");
        }
    }

    /// <summary>order, transA, transB, m, n, k, α, A, lda, B, ldb, β, C, ldc.</summary>
    public delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> Gemm { get; }

    /// <summary>order, triangle, trans, n, k, α, A, lda, β, C, ldc.</summary>
    public delegate* unmanaged[Cdecl]<int, int, int, int, int, double, double*, int, double, double*, int, void> Syrk { get; }

    /// <summary>jobz, m, n, A, lda, s, U, ldu, Vᵀ, ldvt, work, lwork, iwork, info, |jobz|.</summary>
    public delegate* unmanaged[Cdecl]<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, nuint, void> Gesdd { get; }

    /// <summary>jobz, triangle, n, A, lda, w, work, lwork, iwork, liwork, info, |jobz|, |triangle|.</summary>
    public delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, nuint, nuint, void> Syevd { get; }

    /// <summary>triangle, n, A, lda, info, |triangle|.</summary>
    public delegate* unmanaged[Cdecl]<byte*, int*, double*, int*, int*, nuint, void> Potrf { get; }

    /// <summary>Null where the library keeps no thread count.</summary>
    public delegate* unmanaged[Cdecl]<int, void> SetThreads { get; private set; }

    /// <summary>Null where the library keeps no thread count.</summary>
    public delegate* unmanaged[Cdecl]<int> GetThreads { get; private set; }

    /// <summary>What the library says of itself, or an empty string.</summary>
    public string ReadVersion()
    {
        if (NativeLibrary.TryGetExport(_library, "openblas_get_config", out nint config))
        {
            return Marshal.PtrToStringAnsi((nint)((delegate* unmanaged[Cdecl]<byte*>)config)())?.Trim() ?? "";
        }

        if (NativeLibrary.TryGetExport(_library, "MKL_Get_Version_String", out nint version))
        {
            const int Length = 256;
            byte* text = stackalloc byte[Length];
            new Span<byte>(text, Length).Clear();
            ((delegate* unmanaged[Cdecl]<byte*, int, void>)version)(text, Length - 1);
            return Marshal.PtrToStringAnsi((nint)text)?.Trim() ?? "";
        }

        return "";
    }

    /// <summary>
    /// Where the library is MKL's single dynamic one: 32-bit integers, and a threading layer, whatever the environment says. And digits that do not
    /// depend on where in memory a matrix begins, unless the environment variable MKL_CBWR wishes for something else.
    /// </summary>
    public void SetLayers(int? threadingLayer)
    {
        if (NativeLibrary.TryGetExport(_library, SetInterfaceLayer, out nint setInterface))
        {
            ((delegate* unmanaged[Cdecl]<int, int>)setInterface)(0);
        }

        if (threadingLayer is { } layer && NativeLibrary.TryGetExport(_library, SetThreadingLayer, out nint setThreading))
        {
            // The answer is the layer in use, which another user of the library may have chosen before.
            int answer = ((delegate* unmanaged[Cdecl]<int, int>)setThreading)(layer);
            if (answer == MklLayer.SequentialNumber)
            {
                SetThreads = null;
                GetThreads = null;
            }
        }

        const int FastestBranch = 2;
        if (Environment.GetEnvironmentVariable("MKL_CBWR") is null && NativeLibrary.TryGetExport(_library, "MKL_CBWR_Set", out nint reproducible))
        {
            _ = ((delegate* unmanaged[Cdecl]<int, int>)reproducible)(FastestBranch);
        }
    }

    /// <summary>What MKL says of the vector instructions that it uses on this processor; empty for other libraries, whose version says it.</summary>
    public string ReadInstructions()
    {
        if (!NativeLibrary.TryGetExport(_library, "MKL_Get_Version", out nint version))
        {
            return "";
        }

        // struct MKLVersion { int major, minor, update; char *status, *build, *processor, *platform; }
        const int ProcessorOffset = 32;
        byte* fields = stackalloc byte[64];
        new Span<byte>(fields, 64).Clear();
        ((delegate* unmanaged[Cdecl]<byte*, void>)version)(fields);
        return Marshal.PtrToStringAnsi(*(nint*)(fields + ProcessorOffset)) ?? "";
    }

    private nint Require(int routine) =>
        NativeLibrary.TryGetExport(_library, Required[routine], out nint address)
            ? address
            : throw new EntryPointNotFoundException($"does not export {Required[routine]}");

    private nint Optional(string first, string second) =>
        NativeLibrary.TryGetExport(_library, first, out nint address) || NativeLibrary.TryGetExport(_library, second, out address)
            ? address
            : 0;
}
