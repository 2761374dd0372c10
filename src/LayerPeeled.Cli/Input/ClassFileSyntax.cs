using LayerPeeled.Data;

namespace LayerPeeled.Cli.Input;

/// <summary>Files of class counts, labels or weights, with errors that name the option and what may help.</summary>
internal static class ClassFileSyntax
{
    private const string StandardInput = "-";

    /// <summary>Reads a file.</summary>
    /// <param name="option">The option it was given with.</param>
    /// <param name="path">Its path; <c>-</c> for standard input.</param>
    /// <param name="options">What it holds and where.</param>
    /// <param name="openInput">Opens standard input.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static ClassCounts Read(string option, string path, ClassCountOptions options, Func<Stream> openInput)
    {
        try
        {
            if (path != StandardInput)
            {
                return ClassCountReader.ReadFile(path, options);
            }

            using Stream input = openInput();
            return ClassCountReader.Read(input, options);
        }
        catch (ClassCountFormatException error)
        {
            string way = options.Content == ClassFileContent.Weights ? "" : error.Remedy switch
            {
                ClassCountRemedy.NameColumn => " --column NAME or NUMBER says which one is meant.",
                ClassCountRemedy.CountLabels => " --count-labels counts labels, one a line.",
                ClassCountRemedy.NameColumnOrCountLabels => " --count-labels counts labels, --column NAME or NUMBER says where the counts are.",
                _ => "",
            };
            throw new UsageException($"{option} '{path}': {error.Message}{way}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} '{path}' cannot be read: {error.Message}");
        }
    }

    /// <summary>The place that counts were read from, for people.</summary>
    public static string Place(string path, ClassCounts counts, bool areCounted)
    {
        string file = path == StandardInput ? "standard input" : Path.GetFileName(path);
        return (areCounted ? "labels counted in " : "read from ") + (counts.Column is null ? file : $"{counts.Column} of {file}");
    }
}
