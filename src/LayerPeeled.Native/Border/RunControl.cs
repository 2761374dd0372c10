using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Border;

/// <summary>Progress and cancellation of one call: the caller's function is called on the thread of the solve, and what it returns cancels.</summary>
internal sealed unsafe class RunControl : IProgress<IterationReport>, IDisposable
{
    private readonly delegate* unmanaged[Cdecl]<LpProgress*, void*, int> callback;
    private readonly void* user;
    private readonly CancellationTokenSource? source;
    private readonly CancellationToken token;

    private RunControl(LpControl control)
    {
        callback = (delegate* unmanaged[Cdecl]<LpProgress*, void*, int>)control.Progress;
        user = (void*)control.User;
        token = HandleTable.GetOrNull<TokenHandle>(control.Token, "control.token")?.Token ?? default;
        if (callback != null)
        {
            source = CancellationTokenSource.CreateLinkedTokenSource(token);
            token = source.Token;
        }
    }

    public IProgress<IterationReport>? Progress => callback == null ? null : this;

    public CancellationToken Token => token;

    public static RunControl Of(LpControl* control) => new(Sized.ReadOrDefault(control, nameof(control)));

    public static LpProgress Row(IterationReport report) => new()
    {
        StructSize = (nuint)sizeof(LpProgress),
        Method = PinnedText.Forever(report.Method),
        Iteration = report.Iteration,
        Objective = report.Objective,
        Log10Objective = report.Log10Objective,
        Stationarity = report.Stationarity,
        RelativeGap = report.RelativeGap,
        Seconds = report.Elapsed.TotalSeconds,
    };

    public void Report(IterationReport value)
    {
        LpProgress row = Row(value);
        if (callback(&row, user) != 0)
        {
            source!.Cancel();
        }
    }

    public void Dispose() => source?.Dispose();
}
