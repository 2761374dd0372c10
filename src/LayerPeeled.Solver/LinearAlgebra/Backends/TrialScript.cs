using System.Runtime.InteropServices;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// What a trial reads and writes, in memory that both processes see. Functions of the C library by
/// address, names as zero-terminated text.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TrialScript
{
    // Places in NativeFunctions.Required.
    public const int RoutineCount = 5;
    public const int FileCapacity = 8;

    /// <summary>Order of the matrices that are decomposed, and at least the workspace that dgesdd and dsyevd ask for.</summary>
    public const int Order = 32;
    public const int WorkLength = 10 * Order * (Order + 10);
    public const int IntegerWorkLength = 8 * Order;
    public const int Gemm = 0;
    public const int Syrk = 1;
    public const int Gesdd = 2;
    public const int Syevd = 3;
    public const int Potrf = 4;

    public const int Starting = 0;
    public const int LoadingOpenMp = 1;
    public const int Loading = 2;
    public const int Binding = 3;
    public const int ChoosingLayers = 4;
    public const int Cholesky = 5;
    public const int Product = 6;
    public const int SymmetricProduct = 7;
    public const int Eigenproblem = 8;
    public const int SingularValues = 9;
    public const int Passed = 10;

    public nint Signal;
    public nint Duplicate;
    public nint Alarm;
    public nint Open;
    public nint Find;
    public nint Explain;
    public nint Write;
    public nint Leave;

    /// <summary>In a rehearsal, what is called in place of the library's routines; else 0.</summary>
    public nint Rehearsal;

    public fixed long Files[FileCapacity];
    public int FileCount;

    /// <summary>Place of the file that was opened last.</summary>
    public int File;

    /// <summary>0 when none is to be loaded first.</summary>
    public nint OpenMp;

    public nint SetInterface;
    public nint SetThreading;
    public fixed long Names[RoutineCount];
    public fixed long Addresses[RoutineCount];

    /// <summary>MKL's threading layer, or −1 to leave it alone.</summary>
    public int Layer;

    /// <summary>Seconds after which the system ends the copy.</summary>
    public uint Seconds;

    /// <summary>File descriptor that takes the copy's output.</summary>
    public int Output;

    /// <summary>Order of the matrices that are multiplied; at least <see cref="Order"/>.</summary>
    public int ProductOrder;

    /// <summary>Room for four matrices.</summary>
    public double* Matrices;

    public fixed int NarrowOrder[2];
    public fixed double Narrow[4];
    public fixed int Info[2];
    public fixed double Work[WorkLength];
    public fixed int IntegerWork[IntegerWorkLength];

    /// <summary>The step begun last.</summary>
    public int Step;

    /// <summary>Ends the loader's words on each file.</summary>
    public byte Newline;

    /// <summary>1 when the loader refused the OpenMP run-time, or all files; its words are in the output.</summary>
    public int NotLoaded;

    /// <summary>Place of a routine that the library lacks, or −1.</summary>
    public int MissingRoutine;

    /// <summary>1 when an order given as 32-bit number was not understood.</summary>
    public int WideIntegers;
}
