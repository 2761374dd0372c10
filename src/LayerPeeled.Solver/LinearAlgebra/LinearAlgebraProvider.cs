namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>
/// Which dense linear algebra the library runs on, and why. The choice is made once, at the first use: an installed Intel MKL,
/// else an installed OpenBLAS, else the native provider the application has switched Math.NET on to, else the library's own code.
/// The environment variable <c>LAYERPEELED_BLAS</c> (<c>auto</c>, <c>mkl</c>, <c>openblas</c>, <c>mathnet</c>, <c>managed</c>) or <see cref="Use"/> forces one.
/// </summary>
/// <remarks>All members are thread-safe. Results differ between providers by rounding only.</remarks>
public static class LinearAlgebraProvider
{
    internal const string EnvironmentVariable = "LAYERPEELED_BLAS";

    private static readonly Lock Gate = new();
    private static readonly ThreadBudget Budget = new();
    private static ProviderSelection? s_selection;

    /// <summary>Short name of the provider in use: <c>mkl</c>, <c>openblas</c>, <c>mathnet-mkl</c>, <c>managed</c>, …</summary>
    public static string Name => Backend.Name;

    /// <summary>One line for people: the provider in use, its version, and the file it came from.</summary>
    public static string Description => Backend.Description;

    /// <summary>All providers in the order of preference, with the reason for each that is not in use.</summary>
    public static IReadOnlyList<LinearAlgebraCandidate> Candidates => Selection.Candidates;

    /// <summary>
    /// Threads that one product or decomposition may use (at least 1). A native library keeps one count for the whole process,
    /// so setting this affects other users of that library too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value set is less than 1.</exception>
    public static int Threads
    {
        get => Budget.Requested(Backend);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Budget.Request(Backend, value);
        }
    }

    internal static IDenseBackend Backend => Selection.Backend;

    private static ProviderSelection Selection
    {
        get
        {
            ProviderSelection? current = Volatile.Read(ref s_selection);
            if (current is not null)
            {
                return current;
            }

            lock (Gate)
            {
                if (s_selection is null)
                {
                    Install(ProviderSelection.FromText(Environment.GetEnvironmentVariable(EnvironmentVariable), ProviderSelection.Load));
                }

                return s_selection!;
            }
        }
    }

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

    /// <summary>
    /// Caps the threads of one call until the scope is disposed: for regions that run many small solves in parallel. Scopes may nest
    /// and overlap across threads; the smallest cap wins, and the last one out restores the count.
    /// </summary>
    internal static IDisposable LimitThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Budget.Limit(Backend, threads);
    }

    /// <summary>Switches to a choice made already.</summary>
    internal static void Install(ProviderSelection selection)
    {
        Budget.Attach(selection.Backend);
        Volatile.Write(ref s_selection, selection);
    }
}
