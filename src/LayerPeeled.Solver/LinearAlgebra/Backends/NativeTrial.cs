using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// Loads a library and calls each of its routines in a copy of this process, so that one that ends the process, crashes or hangs costs the copy
/// and comes back as a reason. The copy is a fork that runs one method, which was compiled and passed through once before: it allocates nothing and
/// calls nothing but the C library and the library on trial, so it needs the threads that a fork leaves behind only where one of them held a lock of
/// the C library just then: a copy that hangs is followed by a second one. Only Linux is known to allow it.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class NativeTrial
{
    private const int TimeLimitSeconds = 20;
    private const int FirstTimeLimitSeconds = 4;
    private const int LongestOutput = 4096;
    private const int LeastPatience = 50;

    // Large enough for the library's threads to take part, small enough to take no time.
    private const int ParallelOrder = 128;

    private static readonly string[] OpenMpRunTimes = ["libgomp.so.1", "libiomp5.so", "libomp.so.5"];
    private static readonly string[] Steps =
    [
        "start", "loading the OpenMP run-time", "loading", "finding its routines", "choosing its layers",
        "Cholesky factorisation", "product", "symmetric product", "eigenproblem", "singular value problem", "end",
    ];

    private static readonly Lock Gate = new();

    public static TrialOutcome Run(NativeLoadPlan plan)
    {
        lock (Gate)
        {
            PosixCalls posix = PosixCalls.Instance;
            // Where this process may have OpenMP threads already, the copy lacks them and would wait for them.
            bool threads = !plan.Files.Any(posix.IsResident) && !Array.Exists(OpenMpRunTimes, posix.IsResident);
            using var memory = new TrialMemory(posix, plan, threads ? ParallelOrder : TrialScript.Order, TimeLimitSeconds + 1);
            if (memory.Script == null)
            {
                return new TrialOutcome("not tried: there is no memory for a trial", -1);
            }

            // Every call is made once before the fork: nothing is left for the run-time to look up or to compile in the copy.
            memory.SetForRehearsal();
            RunInCopy(memory.Script);
            return Run(posix, plan, memory, FirstTimeLimitSeconds, out bool hung) is TrialOutcome outcome && !hung
                ? outcome
                : Run(posix, plan, memory, TimeLimitSeconds, out _)
                ?? new TrialOutcome("not tried: no copy of the process ever began to run", -1);
        }
    }

    private static TrialOutcome? Run(PosixCalls posix, NativeLoadPlan plan, TrialMemory memory, int seconds, out bool hung)
    {
        TrialOutcome? outcome = null;
        hung = false;
        for (int patience = LeastPatience; outcome is null && patience <= 1000 * seconds; patience *= 2)
        {
            outcome = Run(posix, plan, memory, patience, seconds, out hung);
        }

        return outcome;
    }

    /// <summary>
    /// One trial; null when the copy does not begin within <paramref name="patience"/> milliseconds. It never will if the fork came just when all
    /// threads were being stopped, to collect garbage: the one thread that the copy has then waits to be let go on. What is past that point is not
    /// stopped any more, for there is nobody to stop it.
    /// </summary>
    private static TrialOutcome? Run(PosixCalls posix, NativeLoadPlan plan, TrialMemory memory, int patience, int seconds, out bool hung)
    {
        hung = false;
        int* ends = stackalloc int[2];
        if (posix.Pipe(ends) != 0)
        {
            return new TrialOutcome("not tried: no pipe can be made for a trial", -1);
        }

        memory.SetForTrial(ends[1]);
        int process = posix.Fork();
        if (process == 0)
        {
            RunInCopy(memory.Script);
        }

        posix.Close(ends[1]);
        if (process < 0)
        {
            posix.Close(ends[0]);
            return new TrialOutcome("not tried: the system makes no copy of the process", -1);
        }

        // The copy's first act is to print an empty line.
        bool begun = posix.WaitForInput(ends[0], patience) > 0;
        string output = "";
        if (begun)
        {
            output = Listen(posix, ends[0], process, seconds, out hung);
        }
        else
        {
            posix.End(process);
        }

        posix.Close(ends[0]);
        int status = posix.WaitFor(process);
        return begun ? Verdict(memory.Script, plan, status, hung, output) : null;
    }

    /// <summary>What the copy prints, until it ends; past the time limit it is ended.</summary>
    private static string Listen(PosixCalls posix, int pipe, int process, int seconds, out bool hung)
    {
        const int Length = 512;
        byte* chunk = stackalloc byte[Length];
        var output = new List<byte>();
        long start = Stopwatch.GetTimestamp();
        hung = false;
        while (true)
        {
            if (!hung)
            {
                int left = (1000 * seconds) - (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                int ready = left <= 0 ? 0 : posix.WaitForInput(pipe, left);
                if (ready < 0)
                {
                    continue;
                }

                if (ready == 0)
                {
                    hung = true;
                    posix.End(process);
                }
            }

            nint count = posix.Read(pipe, chunk, Length);
            if (count == 0 || (count < 0 && !PosixCalls.WasInterrupted()))
            {
                return Encoding.UTF8.GetString(output.ToArray());
            }

            if (count > 0 && output.Count < LongestOutput)
            {
                output.AddRange(new ReadOnlySpan<byte>(chunk, (int)count));
            }
        }
    }

    private static TrialOutcome Verdict(TrialScript* script, NativeLoadPlan plan, int status, bool hung, string output)
    {
        int place = script->File;
        if (script->Step == TrialScript.Passed)
        {
            return new TrialOutcome(null, place);
        }

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (script->NotLoaded != 0 && script->Step == TrialScript.LoadingOpenMp)
        {
            return new TrialOutcome($"{plan.OpenMp} does not load: {string.Join("; ", lines)}", -1, TrialBlame.RunTime);
        }

        if (script->NotLoaded != 0)
        {
            string[] present = Array.FindAll(lines, line => !plan.Files.Any(file => IsMissing(file, line)));
            return new TrialOutcome(
                present.Length == 0 ? $"not installed: the system finds none of {string.Join(", ", plan.Files)}" : $"does not load: {string.Join("; ", present)}", -1);
        }

        string said = lines.Length == 0 ? "" : $": {string.Join(' ', lines)}";
        string fault = script->MissingRoutine >= 0 ? $"does not export {NativeFunctions.Required[script->MissingRoutine]}"
            : script->WideIntegers != 0 ? "expects 64-bit integers, or its Cholesky factorisation is wrong"
            : $"{(hung ? $"did not come back within {TimeLimitSeconds} seconds" : PosixCalls.Describe(status))} in a copy of the process, at the step '{Steps[script->Step]}'{said}";
        return new TrialOutcome(
            place < 0 ? fault : $"{plan.Files[place]} {fault}", place, script->Step >= TrialScript.ChoosingLayers ? TrialBlame.Layer : TrialBlame.Library);
    }

    // Not so when it is a library needed by the file that is missing.
    private static bool IsMissing(string file, string loaderError) =>
        loaderError.Contains(file, StringComparison.Ordinal) && loaderError.Contains("No such file", StringComparison.Ordinal)
        && !loaderError.Contains("needed by", StringComparison.Ordinal);

    /// <summary>
    /// All that the copy does. No allocation, no managed call and no exception may be in here. In the rehearsal every function is one that takes
    /// no notice of its arguments and returns a number that is not zero, and every call is passed through.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void RunInCopy(TrialScript* s)
    {
        var write = (delegate* unmanaged[Cdecl]<int, byte*, nint, nint>)s->Write;
        write(s->Output, &s->Newline, 1);
        for (int signal = 1; signal < 32; signal++)
        {
            // The handlers of the run-time would wait for its other threads.
            ((delegate* unmanaged[Cdecl]<int, nint, nint>)s->Signal)(signal, 0);
        }

        ((delegate* unmanaged[Cdecl]<int, int, int>)s->Duplicate)(s->Output, 1);
        ((delegate* unmanaged[Cdecl]<int, int, int>)s->Duplicate)(s->Output, 2);
        ((delegate* unmanaged[Cdecl]<uint, uint>)s->Alarm)(s->Seconds);
        var open = (delegate* unmanaged[Cdecl]<nint, int, nint>)s->Open;
        var explain = (delegate* unmanaged[Cdecl]<byte*>)s->Explain;
        var find = (delegate* unmanaged[Cdecl]<nint, nint, nint>)s->Find;
        var leave = (delegate* unmanaged[Cdecl]<int, void>)s->Leave;
        nint instead = s->Rehearsal;

        // Place −1 is the OpenMP run-time; the first of the files that loads is taken.
        nint library = 0;
        for (int place = s->OpenMp == 0 ? 0 : -1; place < s->FileCount; place++)
        {
            s->Step = place < 0 ? TrialScript.LoadingOpenMp : TrialScript.Loading;
            s->File = place;
            library = place < 0
                ? open(s->OpenMp, PosixCalls.BindNow | PosixCalls.Global)
                : open((nint)s->Files[place], PosixCalls.BindNow | PosixCalls.OwnSymbolsFirst);
            if (library == 0 || instead != 0)
            {
                byte* text = explain();
                nint length = 0;
                while (instead == 0 && text[length] != 0)
                {
                    length++;
                }

                write(s->Output, text, length);
                write(s->Output, &s->Newline, 1);
            }

            if (instead == 0 && (library == 0) == (place < 0))
            {
                break;
            }
        }

        if (library == 0)
        {
            s->NotLoaded = 1;
            leave(0);
        }

        s->Step = TrialScript.Binding;
        for (int i = 0; i < TrialScript.RoutineCount; i++)
        {
            nint address = find(library, (nint)s->Names[i]);
            if (address == 0)
            {
                s->MissingRoutine = i;
                leave(0);
            }

            s->Addresses[i] = instead != 0 ? instead : address;
        }

        s->Step = TrialScript.ChoosingLayers;
        nint setInterface = find(library, s->SetInterface), setThreading = find(library, s->SetThreading);
        if (setInterface != 0)
        {
            ((delegate* unmanaged[Cdecl]<int, int>)(instead != 0 ? instead : setInterface))(0);
        }

        if (setThreading != 0 && s->Layer >= 0)
        {
            ((delegate* unmanaged[Cdecl]<int, int>)(instead != 0 ? instead : setThreading))(s->Layer);
        }

        // As in NativeBackend.HasNarrowIntegers.
        s->Step = TrialScript.Cholesky;
        byte lower = (byte)'L', vectors = (byte)'V', thin = (byte)'S';
        ((delegate* unmanaged[Cdecl]<byte*, int*, double*, int*, int*, nuint, void>)s->Addresses[TrialScript.Potrf])(
            &lower, s->NarrowOrder, s->Narrow, s->NarrowOrder, s->Info, 1);
        if (instead == 0 && (s->Info[0] != 0 || s->Narrow[0] != 2))
        {
            s->WideIntegers = 1;
            leave(0);
        }

        int n = s->ProductOrder;
        double* a = s->Matrices, b = a + (n * n), c = b + (n * n);
        s->Step = TrialScript.Product;
        ((delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)s->Addresses[TrialScript.Gemm])(
            NativeFunctions.ColumnMajor, NativeFunctions.Plain, NativeFunctions.Plain, n, n, n, 1, a, n, b, n, 0, c, n);
        s->Step = TrialScript.SymmetricProduct;
        ((delegate* unmanaged[Cdecl]<int, int, int, int, int, double, double*, int, double, double*, int, void>)s->Addresses[TrialScript.Syrk])(
            NativeFunctions.ColumnMajor, NativeFunctions.Lower, NativeFunctions.Plain, n, n, 1, a, n, 0, c, n);
        n = TrialScript.Order;
        double* d = c + (n * n), values = d + (n * n);
        int workLength = TrialScript.WorkLength, integers = TrialScript.IntegerWorkLength;
        s->Step = TrialScript.Eigenproblem;
        ((delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, nuint, nuint, void>)s->Addresses[TrialScript.Syevd])(
            &vectors, &lower, &n, c, &n, values, s->Work, &workLength, s->IntegerWork, &integers, s->Info, 1, 1);
        s->Step = TrialScript.SingularValues;
        ((delegate* unmanaged[Cdecl]<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, nuint, void>)s->Addresses[TrialScript.Gesdd])(
            &thin, &n, &n, a, &n, values, b, &n, d, &n, s->Work, &workLength, s->IntegerWork, s->Info, 1);
        s->Step = TrialScript.Passed;
        leave(0);
    }
}
