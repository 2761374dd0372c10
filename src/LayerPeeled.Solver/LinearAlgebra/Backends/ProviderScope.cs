namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>Sets which provider the code under way keeps, and sets it back when disposed.</summary>
internal readonly struct ProviderScope : IDisposable
{
    private readonly AsyncLocal<DeferredBackend?> _pinned;
    private readonly DeferredBackend? _before;

    public ProviderScope(AsyncLocal<DeferredBackend?> pinned, DeferredBackend? backend)
    {
        (_pinned, _before) = (pinned, pinned.Value);
        if (!ReferenceEquals(_before, backend))
        {
            pinned.Value = backend;
        }
    }

    public void Dispose()
    {
        if (!ReferenceEquals(_pinned.Value, _before))
        {
            _pinned.Value = _before;
        }
    }
}
