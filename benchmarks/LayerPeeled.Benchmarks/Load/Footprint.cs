using System.Diagnostics;

namespace LayerPeeled.Benchmarks.Load;

/// <summary>What this process holds, after all garbage has gone.</summary>
/// <param name="Heap">Bytes of live objects.</param>
/// <param name="WorkingSet">Bytes of memory.</param>
/// <param name="Threads">Threads of the operating system.</param>
/// <param name="Handles">Open files and the like.</param>
internal readonly record struct Footprint(long Heap, long WorkingSet, int Threads, int Handles)
{
    public static Footprint Now()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        int handles = Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount;
        return new Footprint(GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, process.Threads.Count, handles);
    }
}
