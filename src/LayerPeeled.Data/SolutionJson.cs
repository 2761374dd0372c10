using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Data;

/// <summary>
/// Solutions as JSON, in the format that docs/formats.md describes. Numbers are written so that they are read back bit for bit; a number that is
/// not finite becomes null, and a note says why.
/// </summary>
public static class SolutionJson
{
    /// <summary>Version of the format, as written in <c>formatVersion</c>. Earlier ones are read too.</summary>
    public const int FormatVersion = 2;

    // A model keeps some bytes for every class, while a short file may state classes by the thousand million.
    internal const int MostClasses = 1 << 24;

    internal static JsonWriterOptions WriterOptions { get; } = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a solution as one JSON document, with a line end behind it. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="solution">The solution.</param>
    /// <param name="options">What to write; everything but the matrices when null.</param>
    /// <exception cref="ArgumentException">The options have another number of names than there are classes, or of more than 2²⁴ classes matrices are asked for.</exception>
    public static void Write(Stream stream, LayerPeeledSolution solution, SolutionJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(solution);
        if (options?.ClassNames is { } names && names.Count != solution.Model.ClassCount)
        {
            throw new ArgumentException($"There are {names.Count} names of classes; one for each of the {solution.Model.ClassCount} classes is expected.", nameof(options));
        }

        if (options?.IncludeMatrices == true && solution.Model.ClassCount > MostClasses)
        {
            throw new ArgumentException(
                $"The solution has {solution.Model.ClassCount} classes; with matrices, to be read again, up to {MostClasses} are written.", nameof(solution));
        }

        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            new SolutionWriter(writer, solution, options ?? new SolutionJsonOptions()).Write();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>A solution as the text of a JSON document.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="options">What to write; everything but the matrices when null.</param>
    /// <exception cref="ArgumentException">The options have another number of names than there are classes, or of more than 2²⁴ classes matrices are asked for.</exception>
    public static string ToText(LayerPeeledSolution solution, SolutionJsonOptions? options = null)
    {
        using var buffer = new MemoryStream();
        Write(buffer, solution, options);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads a solution that was written with its matrices.</summary>
    /// <param name="stream">UTF-8 JSON, read to its end.</param>
    /// <exception cref="SolutionFormatException">The text is not JSON, or a field is missing, malformed or of the wrong shape.</exception>
    public static SavedSolution Read(Stream stream)
    {
        return Parse(SolutionFile.Content(stream));
    }

    /// <summary>The same of the text as a whole.</summary>
    internal static SavedSolution Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonUtf8.Parse(json);
            return new SolutionReader(document.RootElement).Read();
        }
        catch (JsonException error)
        {
            throw new SolutionFormatException($"This is not a JSON document: {JsonUtf8.PlaceAndReason(error)}", error);
        }
    }
}
