namespace LayerPeeled.Benchmarks.Load;

/// <summary>Runs jobs in turn on several threads, each many times, and holds every repetition to the digest of the first.</summary>
internal sealed class LoadRun(IReadOnlyList<Job> jobs, int threads)
{
    private readonly ulong?[] digests = new ulong?[jobs.Count];
    private int next;

    /// <summary>Runs so many jobs more.</summary>
    /// <exception cref="InvalidOperationException">A repetition has other bits.</exception>
    public void Continue(int count)
    {
        int end = next + count;
        Exception? failure = null;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work) { IsBackground = true })];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        next = end;
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }

        void Work()
        {
            try
            {
                for (int i; failure is null && (i = Interlocked.Increment(ref next) - 1) < end;)
                {
                    Check(i % jobs.Count);
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        }
    }

    private void Check(int index)
    {
        ulong digest = jobs[index].Run();
        lock (digests)
        {
            digests[index] ??= digest;
            if (digests[index] != digest)
            {
                throw new InvalidOperationException($"Job {index}, {jobs[index].Kind}, has other bits than the first time.");
            }
        }
    }
}
