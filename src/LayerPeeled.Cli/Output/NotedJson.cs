using System.Text.Json;

namespace LayerPeeled.Cli.Output;

/// <summary>One JSON object with a last field <c>notes</c>. A number that is not finite becomes null, and a note says what it stands for.</summary>
internal sealed class NotedJson
{
    private readonly Utf8JsonWriter json;
    private readonly List<string> notes;
    private readonly SortedDictionary<string, int> nulls = new(StringComparer.Ordinal);

    private NotedJson(Utf8JsonWriter json, IEnumerable<string> notes) => (this.json, this.notes) = (json, [.. notes]);

    /// <summary>The text of a document.</summary>
    /// <param name="notes">What the notes begin with.</param>
    /// <param name="write">Writes the other fields.</param>
    public static string Document(IEnumerable<string> notes, Action<NotedJson> write) => JsonText.Object(json =>
    {
        var noted = new NotedJson(json, notes);
        write(noted);
        foreach ((string what, int times) in noted.nulls)
        {
            noted.notes.Add($"{what}{(times > 1 ? $" ({times} times)" : "")}.");
        }

        noted.List("notes", noted.notes, json.WriteStringValue);
    });

    public void Number(string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, Sheet.Unsigned(value));
            return;
        }

        json.WriteNull(name);
        string what = $"{name} is null: {(double.IsNaN(value) ? "it is undefined" : value > 0 ? "it is +∞" : "it is −∞")}";
        nulls[what] = nulls.GetValueOrDefault(what) + 1;
    }

    public void Number(string name, long value) => json.WriteNumber(name, value);

    public void Text(string name, string value) => json.WriteString(name, value);

    public void Texts(string name, IEnumerable<string> values) => List(name, values, json.WriteStringValue);

    public void Truth(string name, bool value) => json.WriteBoolean(name, value);

    public void Null(string name) => json.WriteNull(name);

    /// <summary>Adds to the notes.</summary>
    public void Note(string note) => notes.Add(note);

    public void Object(string name, Action write)
    {
        json.WriteStartObject(name);
        write();
        json.WriteEndObject();
    }

    public void Objects<T>(string name, IEnumerable<T> items, Action<T> write) => List(name, items, item =>
    {
        json.WriteStartObject();
        write(item);
        json.WriteEndObject();
    });

    /// <summary>Numbers in one line of text; those that are not finite are null.</summary>
    public void Numbers(string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Row(values), skipInputValidation: true);
    }

    /// <summary>Rows of numbers, a line each; those that are not finite are null.</summary>
    public void NumberRows(string name, IEnumerable<double[]> rows)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[\n    {string.Join(",\n    ", rows.Select(Row))}\n  ]", skipInputValidation: true);
    }

    private static string Row(IEnumerable<double> values) => $"[{string.Join(", ", values.Select(value => double.IsFinite(value) ? Sheet.Exact(value) : "null"))}]";

    private void List<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
