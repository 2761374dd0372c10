namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>Reconciles the thread count a user asked for with the caps of the regions now running.</summary>
internal sealed class ThreadBudget
{
    private readonly Lock _gate = new();
    private readonly List<int> _limits = [];
    private IDenseBackend? _backend;
    private int? _asked;
    private int _unlimited = 1;

    /// <summary>Makes a backend the one whose count is kept: the count asked for is carried over, else the backend keeps its own.</summary>
    public void Attach(IDenseBackend backend)
    {
        lock (_gate)
        {
            Bind(backend);
        }
    }

    public int Requested(IDenseBackend backend)
    {
        lock (_gate)
        {
            Bind(backend);
            return _unlimited;
        }
    }

    public void Request(IDenseBackend backend, int threads)
    {
        lock (_gate)
        {
            Bind(backend);
            _asked = threads;
            _unlimited = threads;
            Apply();
        }
    }

    public IDisposable Limit(IDenseBackend backend, int threads)
    {
        lock (_gate)
        {
            Bind(backend);
            _limits.Add(threads);
            Apply();
        }

        return new Scope(this, threads);
    }

    private void Release(int threads)
    {
        lock (_gate)
        {
            _limits.Remove(threads);
            Apply();
        }
    }

    private void Bind(IDenseBackend backend)
    {
        if (ReferenceEquals(backend, _backend))
        {
            // Outside every region the library's own count is the truth: others may have set it.
            if (_limits.Count == 0)
            {
                _unlimited = backend.Threads;
            }

            return;
        }

        if (_backend is not null && _limits.Count > 0)
        {
            _backend.Threads = _unlimited;
        }

        _backend = backend;
        _unlimited = _asked ?? backend.Threads;
        Apply();
    }

    private void Apply()
    {
        int threads = _unlimited;
        foreach (int limit in _limits)
        {
            threads = Math.Min(threads, limit);
        }

        if (_backend is not null && _backend.Threads != threads)
        {
            _backend.Threads = threads;
        }
    }

    private sealed class Scope(ThreadBudget owner, int threads) : IDisposable
    {
        private int _open = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _open, 0) == 1)
            {
                owner.Release(threads);
            }
        }
    }
}
