using System.Buffers;
using System.Text;
using System.Text.Json;
using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data;

/// <summary>
/// The arrays of a JSON document of a solution, taken out into arrays of an archive and put back. In their place stands the name of the entry of the archive, as a
/// string; all other bytes of the document stay as they are.
/// </summary>
internal static class DocumentArrays
{
    private const string Matrices = "matrices";

    private static readonly Dictionary<string, (string Name, bool IsMatrix)> TopLevel = new()
    {
        ["classifierCosines"] = ("classifier_cosines", true),
        ["featureCosines"] = ("feature_cosines", true),
    };

    private static readonly Dictionary<string, (string Name, bool IsMatrix)> InMatrices = new()
    {
        ["classifier"] = ("W", true),
        ["classMeans"] = ("H", true),
        ["bias"] = ("b", false),
        ["classifierSpread"] = ("classifier_spread", false),
        ["featureSpread"] = ("feature_spread", false),
        ["classifierCore"] = ("classifier_core", true),
        ["featureCore"] = ("feature_core", true),
        ["biasCore"] = ("bias_core", false),
    };

    /// <summary>Takes the arrays out of a document that has been read without an error.</summary>
    /// <returns>The document with names in their places.</returns>
    public static byte[] TakeOut(byte[] json, out List<(string Name, double[][] Rows, bool IsMatrix)> arrays)
    {
        var found = new List<(string, double[][], bool)>();
        byte[] document = Replace(json, JsonTokenType.StartArray, (string name, bool isMatrix, int depth, ref Utf8JsonReader reader) =>
        {
            found.Add((name, ReadRows(ref reader, isMatrix), isMatrix));
            return $"\"{name}{NpzArchive.Suffix}\"";
        });
        arrays = found;
        return document;
    }

    /// <summary>Puts the arrays of an archive back into the document that names them.</summary>
    /// <exception cref="SolutionFormatException">The document is no JSON, or names another array than that which belongs there.</exception>
    /// <exception cref="NpyFormatException">An array is missing, damaged, or no matrix or vector of numbers.</exception>
    public static byte[] PutBack(byte[] document, NpzArchive archive)
    {
        try
        {
            JsonUtf8.RequireText(document);
            return Replace(document, JsonTokenType.String, (string name, bool isMatrix, int depth, ref Utf8JsonReader reader) =>
            {
                string? given = reader.GetString();
                return given != name + NpzArchive.Suffix
                    ? throw new SolutionFormatException($"The entry {SolutionNpz.DocumentName} names the array '{given}' where {name}{NpzArchive.Suffix} is expected.")
                    : Text(archive, name, isMatrix, depth);
            });
        }
        catch (JsonException error)
        {
            throw new SolutionFormatException($"The entry {SolutionNpz.DocumentName} is not a JSON document: {JsonUtf8.PlaceAndReason(error)}", error);
        }
    }

    private delegate string Replacement(string name, bool isMatrix, int depth, ref Utf8JsonReader reader);

    // Copies the bytes, but for values of the known fields that are of this kind.
    private static byte[] Replace(byte[] json, JsonTokenType kind, Replacement replacement)
    {
        var result = new ArrayBufferWriter<byte>(Math.Max(1, json.Length));
        var reader = new Utf8JsonReader(json);
        string? parent = null;
        int copied = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
            {
                continue;
            }

            string field = reader.GetString()!;
            (int depth, parent) = (reader.CurrentDepth, reader.CurrentDepth == 1 ? field : parent);
            Dictionary<string, (string Name, bool IsMatrix)>? known = depth == 1 ? TopLevel : parent == Matrices ? InMatrices : null;
            if (known?.TryGetValue(field, out (string Name, bool IsMatrix) array) != true || !reader.Read() || reader.TokenType != kind)
            {
                continue;
            }

            result.Write(json.AsSpan(copied, (int)reader.TokenStartIndex - copied));
            result.Write(Encoding.UTF8.GetBytes(replacement(array.Name, array.IsMatrix, depth, ref reader)));
            copied = (int)reader.BytesConsumed;
        }

        result.Write(json.AsSpan(copied));
        return result.WrittenSpan.ToArray();
    }

    private static double[][] ReadRows(ref Utf8JsonReader reader, bool isMatrix)
    {
        var rows = new List<double[]>();
        if (!isMatrix)
        {
            return [ReadRow(ref reader)];
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            rows.Add(ReadRow(ref reader));
        }

        return [.. rows];
    }

    private static double[] ReadRow(ref Utf8JsonReader reader)
    {
        var row = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            row.Add(reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble());
        }

        return [.. row];
    }

    // As SolutionWriter writes it.
    private static string Text(NpzArchive archive, string name, bool isMatrix, int depth)
    {
        using NpyReader reader = archive.Open(name);
        reader.RequireShape(isMatrix ? [null, null] : [null]);
        var text = new StringBuilder();
        if (!isMatrix)
        {
            double[] values = reader.ReadNumbers();
            return text.AppendRow(values.Length, j => values[j]).ToString();
        }

        int columns = reader.ColumnCount;
        double[] numbers = reader.ReadNumbers();
        text.Append('[');
        for (int start = 0; start < numbers.Length; start += columns)
        {
            int row = start;
            text.Append(start == 0 ? "\n" : ",\n").Append(' ', 2 * (depth + 1)).AppendRow(columns, j => numbers[row + j]);
        }

        return text.Append('\n').Append(' ', 2 * depth).Append(']').ToString();
    }
}
