using LayerPeeled.Data;

namespace LayerPeeled.Cli.Output;

/// <summary>
/// A file that appears whole or not at all: it is written next to its place and moved there. That it can be written is known before the work
/// begins.
/// </summary>
internal sealed class OutputFile
{
    private readonly string option;
    private readonly string given;
    private readonly string target;

    /// <summary>Checks that the file can be written.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="UsageException">It cannot.</exception>
    public OutputFile(string option, string path)
    {
        (this.option, given) = (option, path);
        try
        {
            string full = Path.GetFullPath(path);
            if (path.Length == 0 || Path.EndsInDirectorySeparator(path) || Directory.Exists(full))
            {
                throw new UsageException($"{option} '{path}' is a folder; the path of a file is expected.");
            }

            if (!Directory.Exists(Path.GetDirectoryName(full)))
            {
                throw new UsageException($"{option} '{path}' cannot be written: the folder '{Path.GetDirectoryName(full)}' does not exist.");
            }

            target = AtomicFile.RequireWritable(full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} '{path}' cannot be written: {error.Message}");
        }
    }

    /// <summary>The file of a figure.</summary>
    /// <inheritdoc cref="OutputFile(string, string)"/>
    public static OutputFile ForFigure(string option, string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)
        ? new OutputFile(option, path)
        : throw new UsageException(
            $"{option} '{path}' is not allowed: it must end in .svg, the only format there is; rsvg-convert -f pdf (or -f png) makes others of it.");

    /// <summary>Refuses a file that another option names, too.</summary>
    /// <exception cref="UsageException">It does.</exception>
    public void RequireOtherThan(OutputFile? other)
    {
        if (other?.target == target && !AtomicFile.IsDevice(target))
        {
            throw new UsageException($"{option} '{given}' is the file of {other.option}, too.");
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">Writing failed; what was there before is unchanged.</exception>
    public void Write(Action<Stream> write)
    {
        try
        {
            AtomicFile.Write(target, write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option} '{given}' could not be written: {error.Message}", error);
        }
    }
}
