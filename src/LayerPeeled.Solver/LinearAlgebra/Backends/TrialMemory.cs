using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>A <see cref="TrialScript"/> with its matrices, shared between this process and its copies.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class TrialMemory : IDisposable
{
    private readonly PosixCalls _posix;
    private readonly List<nint> _texts = [];
    private readonly nuint _size;
    private readonly int _numbers;

    public TrialMemory(PosixCalls posix, NativeLoadPlan plan, int productOrder, int seconds)
    {
        _posix = posix;
        _numbers = 4 * productOrder * productOrder;
        _size = (nuint)(sizeof(TrialScript) + (_numbers * sizeof(double)));
        Script = (TrialScript*)posix.MapShared(_size);
        if (Script == null)
        {
            return;
        }

        Script->Matrices = (double*)(Script + 1);
        Script->ProductOrder = productOrder;
        Script->FileCount = Math.Min(plan.Files.Count, TrialScript.FileCapacity);
        for (int i = 0; i < Script->FileCount; i++)
        {
            Script->Files[i] = Text(plan.Files[i]);
        }

        Script->Newline = (byte)'\n';
        Script->OpenMp = plan.OpenMp is null ? 0 : Text(plan.OpenMp);
        Script->SetInterface = Text(NativeFunctions.SetInterfaceLayer);
        Script->SetThreading = Text(NativeFunctions.SetThreadingLayer);
        for (int i = 0; i < TrialScript.RoutineCount; i++)
        {
            Script->Names[i] = Text(NativeFunctions.Required[i]);
        }

        Script->Layer = plan.ThreadingLayer ?? -1;
        Script->Seconds = (uint)seconds;
    }

    /// <summary>Null when the system gave no memory.</summary>
    public TrialScript* Script { get; }

    /// <summary>Every function one that does nothing and returns a number that is not zero.</summary>
    public void SetForRehearsal()
    {
        nint nothing = _posix.ProcessId;
        (Script->Signal, Script->Duplicate, Script->Alarm, Script->Open) = (nothing, nothing, nothing, nothing);
        (Script->Find, Script->Explain, Script->Write, Script->Leave) = (nothing, nothing, nothing, nothing);
        Script->Rehearsal = nothing;
        Reset();
    }

    /// <summary>The real functions, and the pipe's end that takes what is printed.</summary>
    public void SetForTrial(int output)
    {
        (Script->Signal, Script->Duplicate, Script->Alarm, Script->Open) = (_posix.Signal, _posix.Duplicate, _posix.Alarm, _posix.OpenLibrary);
        (Script->Find, Script->Explain, Script->Write, Script->Leave) = (_posix.FindSymbol, _posix.LibraryError, _posix.Write, _posix.Leave);
        Script->Rehearsal = 0;
        Script->Output = output;
        Reset();
    }

    public void Dispose()
    {
        _texts.ForEach(Marshal.FreeCoTaskMem);
        if (Script != null)
        {
            _posix.Unmap(Script, _size);
        }
    }

    private void Reset()
    {
        Script->File = -1;
        (Script->Step, Script->NotLoaded, Script->MissingRoutine, Script->WideIntegers) = (TrialScript.Starting, 0, -1, 0);
        (Script->Narrow[0], Script->Narrow[1], Script->Narrow[2], Script->Narrow[3]) = (4, 2, 0, 3);
        (Script->NarrowOrder[0], Script->NarrowOrder[1]) = (2, -1);
        (Script->Info[0], Script->Info[1]) = (0, 0);
        for (int i = 0; i < _numbers; i++)
        {
            Script->Matrices[i] = 0.25 * (i % 7);
        }
    }

    private nint Text(string text)
    {
        _texts.Add(Marshal.StringToCoTaskMemUTF8(text));
        return _texts[^1];
    }
}
