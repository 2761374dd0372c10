using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>The functions of the C library that loading and trying a native library takes, by address.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PosixCalls
{
    // Values of <dlfcn.h>, <fcntl.h>, <sys/mman.h>, <errno.h> and <signal.h> on Linux.
    public const int BindNow = 2;
    public const int Global = 0x100;

    /// <summary>Or else a library may call those of its own routines in another that was loaded for all to see, as MKL's parts are.</summary>
    public const int OwnSymbolsFirst = 8;
    private const int LazyAndNoLoad = 1 | 4;
    private const int CloseOnExec = 0x80000;
    private const int ReadWrite = 1 | 2;
    private const int SharedAnonymous = 1 | 0x20;
    private const int Interrupted = 4;
    private const int Kill = 9;
    private const int ChildEnded = 17;
    private const short Input = 1;

    private static readonly Lazy<PosixCalls> Loaded = new(() => new PosixCalls());

    private readonly delegate* unmanaged[Cdecl]<int> _fork;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint, nint, nint> _systemCall;
    private readonly delegate* unmanaged[Cdecl]<int*, int, int> _pipe;
    private readonly delegate* unmanaged[Cdecl]<ulong*, nuint, int, int> _poll;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, nint, nint> _read;
    private readonly delegate* unmanaged[Cdecl]<int, int> _close;
    private readonly delegate* unmanaged[Cdecl]<int, int, int> _kill;
    private readonly delegate* unmanaged[Cdecl]<int, int*, int, int> _waitpid;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint, int, int, int, nint, nint> _mmap;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint, int> _munmap;

    private PosixCalls()
    {
        nint c = NativeLibrary.Load("libc", typeof(PosixCalls).Assembly, null);
        // Part of the C library since glibc 2.34, and always in musl.
        nint loader = NativeLibrary.TryGetExport(c, "dlopen", out _) ? c : NativeLibrary.Load("libdl.so.2", typeof(PosixCalls).Assembly, null);
        OpenLibrary = NativeLibrary.GetExport(loader, "dlopen");
        FindSymbol = NativeLibrary.GetExport(loader, "dlsym");
        LibraryError = NativeLibrary.GetExport(loader, "dlerror");
        ProcessId = NativeLibrary.GetExport(c, "getpid");
        Signal = NativeLibrary.GetExport(c, "signal");
        Duplicate = NativeLibrary.GetExport(c, "dup2");
        Alarm = NativeLibrary.GetExport(c, "alarm");
        Write = NativeLibrary.GetExport(c, "write");
        Leave = NativeLibrary.GetExport(c, "_exit");
        _fork = (delegate* unmanaged[Cdecl]<int>)(NativeLibrary.TryGetExport(c, "_Fork", out nint fork) ? fork : 0);
        _systemCall = (delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint, nint, nint>)NativeLibrary.GetExport(c, "syscall");
        _pipe = (delegate* unmanaged[Cdecl]<int*, int, int>)NativeLibrary.GetExport(c, "pipe2");
        _poll = (delegate* unmanaged[Cdecl]<ulong*, nuint, int, int>)NativeLibrary.GetExport(c, "poll");
        _read = (delegate* unmanaged[Cdecl]<int, byte*, nint, nint>)NativeLibrary.GetExport(c, "read");
        _close = (delegate* unmanaged[Cdecl]<int, int>)NativeLibrary.GetExport(c, "close");
        _kill = (delegate* unmanaged[Cdecl]<int, int, int>)NativeLibrary.GetExport(c, "kill");
        _waitpid = (delegate* unmanaged[Cdecl]<int, int*, int, int>)NativeLibrary.GetExport(c, "waitpid");
        _mmap = (delegate* unmanaged[Cdecl]<nint, nuint, int, int, int, nint, nint>)NativeLibrary.GetExport(c, "mmap");
        _munmap = (delegate* unmanaged[Cdecl]<nint, nuint, int>)NativeLibrary.GetExport(c, "munmap");
    }

    /// <exception cref="DllNotFoundException">There is no C library under its usual name.</exception>
    /// <exception cref="EntryPointNotFoundException">It lacks one of the functions.</exception>
    public static PosixCalls Instance => Loaded.Value;

    public nint OpenLibrary { get; }

    public nint FindSymbol { get; }

    public nint LibraryError { get; }

    public nint ProcessId { get; }

    public nint Signal { get; }

    public nint Duplicate { get; }

    public nint Alarm { get; }

    public nint Write { get; }

    public nint Leave { get; }

    /// <summary>True when the last call that failed did so only because a signal came in.</summary>
    public static bool WasInterrupted() => Marshal.GetLastSystemError() == Interrupted;

    /// <summary>How a process ended, from the status that <see cref="WaitFor"/> returns.</summary>
    public static string Describe(int status) =>
        status < 0 ? "ended" : (status & 0x7f) == 0 ? $"ended with exit code {status >> 8 & 0xff}" : $"was ended by signal {status & 0x7f}";

    /// <summary>Opens a library, all its symbols bound, or returns 0 and the loader's words.</summary>
    public nint Open(string file, int mode, out string error)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(file);
        nint library = ((delegate* unmanaged[Cdecl]<nint, int, nint>)OpenLibrary)(name, BindNow | mode);
        error = library != 0 ? "" : Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)LibraryError)()) ?? "";
        Marshal.FreeCoTaskMem(name);
        return library;
    }

    /// <summary>Whether this process has loaded a library already.</summary>
    public bool IsResident(string file)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(file);
        nint library = ((delegate* unmanaged[Cdecl]<nint, int, nint>)OpenLibrary)(name, LazyAndNoLoad);
        Marshal.FreeCoTaskMem(name);
        return library != 0;
    }

    /// <summary>
    /// A copy of this process, made without the handlers that libraries ask to be run before: OpenBLAS's ends its threads, and whoever waits for
    /// them waits for ever. By the system call where the C library is older than <c>_Fork</c> (glibc 2.34, musl 1.2.2).
    /// </summary>
    public int Fork()
    {
        int clone = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 56, Architecture.Arm64 => 220, _ => -1 };
        return _fork != null ? _fork() : (int)_systemCall(clone, ChildEnded, 0, 0, 0, 0);
    }

    public int Pipe(int* ends) => _pipe(ends, CloseOnExec);

    public void Close(int file) => _close(file);

    /// <summary>0 when nothing came within the time, in milliseconds.</summary>
    public int WaitForInput(int file, int milliseconds)
    {
        // struct pollfd { int fd; short events; short revents; }
        ulong request = (uint)file | ((ulong)Input << 32);
        return _poll(&request, 1, milliseconds);
    }

    public nint Read(int file, byte* destination, nint length) => _read(file, destination, length);

    public void End(int process) => _kill(process, Kill);

    /// <summary>The status of a child that has ended, or −1 when somebody else took it.</summary>
    public int WaitFor(int process)
    {
        int status = 0, result;
        do
        {
            result = _waitpid(process, &status, 0);
        }
        while (result < 0 && WasInterrupted());

        return result < 0 ? -1 : status;
    }

    /// <summary>Memory that copies of the process share, zeroed; null when there is none.</summary>
    public void* MapShared(nuint length)
    {
        nint address = _mmap(0, length, ReadWrite, SharedAnonymous, -1, 0);
        return address == -1 ? null : (void*)address;
    }

    public void Unmap(void* address, nuint length) => _munmap((nint)address, length);
}
