using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>
/// Which dense linear algebra the library runs on, and why. The choice is made once, at the first product or decomposition that is large enough to
/// matter: an installed Intel MKL or OpenBLAS where its kernels use the processor's full vectors, else one of them for its decompositions only, else
/// the native provider the application has switched Math.NET on to, else the library's own code. The environment variable <c>LAYERPEELED_BLAS</c>
/// (<c>auto</c>, <c>mkl</c>, <c>openblas</c>, <c>mathnet</c>, <c>managed</c>) or <see cref="Use"/> forces one. On Linux a native library is loaded only
/// after it has done its work in a copy of the process.
/// </summary>
/// <remarks>
/// All members are thread-safe. Results differ between providers by rounding only; the choice depends on the libraries installed, the processor and the
/// environment, never on a measurement. A solve finishes on the provider it began with.
/// </remarks>
public static class LinearAlgebraProvider
{
    internal const string EnvironmentVariable = "LAYERPEELED_BLAS";

    private static readonly Lock Gate = new();
    private static readonly ThreadBudget Budget = new();

    // What the solve that this code belongs to began with.
    private static readonly AsyncLocal<DeferredBackend?> Pinned = new();
    private static DeferredBackend s_current = new(() =>
        Attached(ProviderSelection.FromText(Environment.GetEnvironmentVariable(EnvironmentVariable), ProviderSelection.Load)));

    /// <summary>Short name of the provider in use: <c>mkl</c>, <c>openblas</c>, <c>mathnet-mkl</c>, <c>managed</c>, …</summary>
    public static string Name => Current.Name;

    /// <summary>One line for people: the provider in use, its version, and the file it came from.</summary>
    public static string Description => Current.Description;

    /// <summary>All providers, with the reason for each that is not in use.</summary>
    public static IReadOnlyList<LinearAlgebraCandidate> Candidates => Current.Selection.Candidates;

    /// <summary>
    /// Threads that one product or decomposition may use (at least 1). A native library keeps one count for the whole process,
    /// so setting this affects other users of that library too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value set is less than 1.</exception>
    public static int Threads
    {
        get => Budget.Requested(Current.Selection.Backend);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Budget.Request(Current.Selection.Backend, value);
        }
    }

    /// <summary>What the solve under way began with; outside every solve, the provider in use.</summary>
    internal static IDenseBackend Backend => Pinned.Value ?? Current;

    private static DeferredBackend Current => Volatile.Read(ref s_current);

    /// <summary>Switches to one provider, or back to the automatic choice. Work already running finishes on the one it began with.</summary>
    /// <param name="kind">The provider wanted.</param>
    /// <exception cref="InvalidOperationException">It is not available; the message names it and says why. Nothing changes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not a value of the enumeration.</exception>
    public static void Use(LinearAlgebraProviderKind kind)
    {
        string name = ProviderSelection.NameOf(kind);
        lock (Gate)
        {
            ProviderSelection selection = ProviderSelection.Choose(kind, ProviderSelection.Load);
            if (kind != LinearAlgebraProviderKind.Auto)
            {
                LinearAlgebraCandidate wanted = selection.Candidates.Single(c => c.Name == name);
                if (!wanted.IsInUse)
                {
                    throw new InvalidOperationException($"The linear algebra provider '{name}' ({kind}) is not available: {wanted.Description}");
                }
            }

            Install(selection);
        }
    }

    /// <summary>Switches to a choice made already.</summary>
    internal static void Install(ProviderSelection selection)
    {
        var backend = new DeferredBackend(() => Attached(selection));
        _ = backend.Selection;
        Install(backend);
    }

    /// <summary>Switches to a choice to be made when it matters.</summary>
    internal static void Install(DeferredBackend backend) => Volatile.Write(ref s_current, backend);

    /// <summary>
    /// Until the scope is disposed, this thread and the tasks it starts keep the provider in use now, or the one kept already: a solve must not
    /// mix two.
    /// </summary>
    internal static ProviderScope Pin() => new(Pinned, Pinned.Value ?? Current);

    /// <summary>The same with a provider that may be another one than that in use.</summary>
    internal static ProviderScope Pin(DeferredBackend backend) => new(Pinned, backend);

    /// <summary>Until the scope is disposed, code of the application that a solve calls sees the provider in use, and not what the solve keeps.</summary>
    internal static ProviderScope Unpin() => new(Pinned, null);

    /// <summary>
    /// Caps the threads of one call until the scope is disposed: for regions that run many small solves in parallel. Scopes may nest
    /// and overlap across threads; the smallest cap wins, and the last one out restores the count.
    /// </summary>
    internal static IDisposable LimitThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Budget.Limit((Pinned.Value ?? Current).Loaded, threads);
    }

    private static ProviderSelection Attached(ProviderSelection selection)
    {
        Budget.Attach(selection.Backend);
        return selection;
    }
}
