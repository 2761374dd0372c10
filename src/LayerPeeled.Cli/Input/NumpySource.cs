using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Cli.Input;

/// <summary>Named arrays of an <c>.npz</c> archive, each of which a <c>.npy</c> file may take the place of. Opened anew at each call.</summary>
internal sealed class NumpySource : IDisposable
{
    private readonly NpzArchive? archive;
    private readonly IReadOnlyDictionary<string, string?> files;

    /// <summary>Opens the archive.</summary>
    /// <param name="path">The archive, if there is one.</param>
    /// <param name="files">Paths of <c>.npy</c> files by the name of the array.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public NumpySource(string? path, IReadOnlyDictionary<string, string?> files)
    {
        this.files = files;
        archive = path is null ? null : Reading(path, () => new NpzArchive(File.OpenRead(path), path));
    }

    public bool Has(string array) => files.GetValueOrDefault(array) is not null || archive?.Names.Contains(array) == true;

    /// <summary>Opens an array.</summary>
    /// <exception cref="UsageException">There is none, or it cannot be read.</exception>
    public NpyReader Open(string array)
    {
        if (files.GetValueOrDefault(array) is { } path)
        {
            return Reading(path, () => new NpyReader(File.OpenRead(path), path));
        }

        return archive is not null ? archive.Open(array) : throw new UsageException(
            $"The array '{array}' is missing: an .npz archive that holds it or the option --{array} with an .npy file is expected.");
    }

    public void Dispose() => archive?.Dispose();

    private static T Reading<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (NpyFormatException error)
        {
            throw new UsageException(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {error.Message}");
        }
    }
}
