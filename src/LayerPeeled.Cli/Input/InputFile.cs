namespace LayerPeeled.Cli.Input;

/// <summary>A file that a command reads from front to back; <c>-</c> is standard input.</summary>
internal static class InputFile
{
    /// <summary>Opens it.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static Stream Open(string path, Terminal terminal)
    {
        try
        {
            return path == "-" ? terminal.OpenInput() : File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {error.Message}");
        }
    }
}
