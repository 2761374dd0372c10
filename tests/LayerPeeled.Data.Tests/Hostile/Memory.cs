namespace LayerPeeled.Data.Tests.Hostile;

/// <summary>What a call takes.</summary>
internal static class Memory
{
    /// <summary>Bytes that the garbage collector hands out to this thread during a call, kept or not.</summary>
    public static long Of(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
