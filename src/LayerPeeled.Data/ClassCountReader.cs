using System.Text;
using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data;

/// <summary>
/// Reads class counts, labels (which it counts) or loss weights from a table in text (commas, semicolons, tabs, bars or blanks between the
/// columns), a JSON array or object, or a NumPy array (<c>.npy</c>, or in an <c>.npz</c> archive); the content of the file says which it is.
/// </summary>
/// <remarks>
/// <para>Tables: blank lines and lines that begin with <c>#</c> are skipped; fields may be quoted, with separators and doubled quotes inside; all lines
/// have the same number of columns. The column is found by its heading (<c>count</c>, <c>num_images</c>, <c>label</c> …), or where there is only one
/// that it can be; what is ambiguous is refused. Another column names the classes.</para>
/// <para>Numbers are finite, not negative, and written with a decimal point whatever the culture; separators of thousands and decimal commas are
/// understood where a column leaves no doubt about which they are.</para>
/// <para>JSON: <c>[5, 3]</c>, <c>{"cat": 5, "dog": 3}</c>, or an array of objects, which is read as a table.</para>
/// </remarks>
public static class ClassCountReader
{
    // A pipe cannot be read twice; files can be as long as they like.
    private const long LargestPipe = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file; text is UTF-8, or UTF-16 with a byte-order mark.</param>
    /// <param name="options">What it holds and where; counts when null.</param>
    /// <returns>The counts in the order of the lines, or of the labels where those are counted; at least one.</returns>
    /// <exception cref="ClassCountFormatException">A line is malformed, there is no count, or more than one reading is possible.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClassCounts ReadFile(string path, ClassCountOptions? options = null)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, options);
    }

    /// <summary>Reads a stream up to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; text is UTF-8, or UTF-16 with a byte-order mark.</param>
    /// <param name="options">What it holds and where; counts when null.</param>
    /// <inheritdoc cref="ReadFile(string, ClassCountOptions?)" path="/returns|/exception"/>
    public static ClassCounts Read(Stream stream, ClassCountOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new ClassCountOptions();
        if (stream.CanSeek)
        {
            return FileKind.Read(stream, options);
        }

        using MemoryStream copy = Copy(stream);
        return FileKind.Read(copy, options);
    }

    /// <summary>Reads a string.</summary>
    /// <param name="text">The text of a table or of a JSON document.</param>
    /// <param name="options">What it holds and where; counts when null.</param>
    /// <inheritdoc cref="ReadFile(string, ClassCountOptions?)" path="/returns|/exception[@cref='T:LayerPeeled.Data.ClassCountFormatException']"/>
    public static ClassCounts Parse(string text, ClassCountOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false);
        return Read(stream, options);
    }

    /// <summary>Reads a reader up to its end.</summary>
    /// <param name="reader">The text of a table or of a JSON document.</param>
    /// <param name="options">What it holds and where; counts when null.</param>
    /// <inheritdoc cref="Parse(string, ClassCountOptions?)" path="/returns|/exception"/>
    public static ClassCounts Read(TextReader reader, ClassCountOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Parse(reader.ReadToEnd(), options);
    }

    internal static MemoryStream Copy(Stream stream)
    {
        var copy = new MemoryStream();
        var block = new byte[1 << 16];
        for (int n; (n = stream.Read(block)) > 0;)
        {
            copy.Write(block, 0, n);
            if (copy.Length > LargestPipe)
            {
                throw new ClassCountFormatException(null, $"More than {LargestPipe} bytes came through a pipe; a file may be of any length.");
            }
        }

        copy.Position = 0;
        return copy;
    }
}
