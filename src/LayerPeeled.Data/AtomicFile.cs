namespace LayerPeeled.Data;

/// <summary>Writes files that appear whole or not at all: next to their place first, and then moved there.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file, in the place of one that may be there. A link stays one, and devices (<c>/dev/…</c>) are written to.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">Writing failed; what was there before is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing there is not allowed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = TargetOf(path);
        if (IsDevice(target))
        {
            using FileStream device = File.OpenWrite(target);
            write(device);
            return;
        }

        string temporary = Neighbour(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Finds out whether a file could be written, and leaves everything as it was.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Where it would be written: the full path, or that of the file behind a link.</returns>
    /// <exception cref="IOException">It could not.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not allowed.</exception>
    public static string RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = TargetOf(path);
        if (!IsDevice(target))
        {
            if (File.Exists(target))
            {
                File.OpenWrite(target).Dispose();
            }

            string probe = Neighbour(target);
            new FileStream(probe, FileMode.CreateNew).Dispose();
            File.Delete(probe);
        }

        return target;
    }

    /// <summary>Whether the path is that of a device, which is written to and never replaced.</summary>
    /// <param name="path">A full path.</param>
    public static bool IsDevice(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal);
    }

    private static string TargetOf(string path)
    {
        string full = Path.GetFullPath(path);
        return !IsDevice(full) && new FileInfo(full).LinkTarget is not null ? File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName : full;
    }

    private static string Neighbour(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
}
