namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>
/// Reconciles the thread count a user asked for with the caps of the regions now running. Caps hold for every backend that was in use during them.
/// </summary>
internal sealed class ThreadBudget
{
    private readonly Lock _gate = new();
    private readonly List<int> _limits = [];

    // The count of each backend in use outside every region; the last one is the provider in use now.
    private readonly List<(IDenseBackend Backend, int Threads)> _counts = [];
    private int? _asked;

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
            return Bind(backend);
        }
    }

    public void Request(IDenseBackend backend, int threads)
    {
        lock (_gate)
        {
            Bind(backend);
            _asked = threads;
            _counts[^1] = (backend, threads);
            Apply();
        }
    }

    /// <param name="backend">The backend in use, or null when none has been set up yet.</param>
    /// <param name="threads">Threads that it may use until the scope is disposed.</param>
    public IDisposable Limit(IDenseBackend? backend, int threads)
    {
        lock (_gate)
        {
            if (backend is not null)
            {
                Bind(backend);
            }

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
            if (_limits.Count == 0 && _counts.Count > 1)
            {
                _counts.RemoveRange(0, _counts.Count - 1);
            }
        }
    }

    private int Bind(IDenseBackend backend)
    {
        int place = _counts.FindIndex(count => ReferenceEquals(count.Backend, backend));
        bool current = place >= 0 && place == _counts.Count - 1;
        // Inside a region the backend's own count is the cap; outside every one it is the truth: others may have set it.
        int threads = place >= 0 && _limits.Count > 0 ? _counts[place].Threads : current ? backend.Threads : _asked ?? backend.Threads;
        if (place >= 0)
        {
            _counts.RemoveAt(place);
        }

        if (_limits.Count == 0)
        {
            _counts.Clear();
        }

        _counts.Add((backend, threads));
        Apply();
        return threads;
    }

    private void Apply()
    {
        foreach ((IDenseBackend backend, int count) in _counts)
        {
            int threads = count;
            foreach (int limit in _limits)
            {
                threads = Math.Min(threads, limit);
            }

            if (backend.Threads != threads)
            {
                backend.Threads = threads;
            }
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
