using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LayerPeeled.Data;

/// <summary>Rows of numbers, each one line of text: indentation would give every number its own.</summary>
internal static class JsonRows
{
    public static void WriteRow(this Utf8JsonWriter json, string name, int count, Func<int, double> entry)
    {
        json.WritePropertyName(name);
        Write(json, new StringBuilder(), count, entry);
    }

    public static void WriteRows(this Utf8JsonWriter json, string name, int rows, int columns, Func<int, int, double> entry)
    {
        var line = new StringBuilder();
        string indent = new(' ', 2 * (json.CurrentDepth + 1));
        json.WriteStartArray(name);
        for (int i = 0; i < rows; i++)
        {
            int row = i;
            Write(json, line.Clear().Append('\n').Append(indent), columns, j => entry(row, j));
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StringBuilder line, int count, Func<int, double> entry) =>
        json.WriteRawValue(line.AppendRow(count, entry).ToString(), skipInputValidation: true);

    /// <summary>Appends the numbers as a JSON array; those that are not finite as null.</summary>
    public static StringBuilder AppendRow(this StringBuilder line, int count, Func<int, double> entry)
    {
        line.Append('[');
        for (int j = 0; j < count; j++)
        {
            double value = entry(j);
            line.Append(j == 0 ? "" : ", ");
            _ = double.IsFinite(value) ? line.Append(CultureInfo.InvariantCulture, $"{value:R}") : line.Append("null");
        }

        return line.Append(']');
    }
}
