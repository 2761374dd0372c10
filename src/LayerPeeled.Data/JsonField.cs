using System.Text.Json;
using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data;

/// <summary>A value in a JSON document that knows its path, so that every error names it.</summary>
internal readonly struct JsonField(JsonElement element, string path)
{
    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public JsonField this[string name] => Find(name) ?? throw new SolutionFormatException($"The field {Child(name)} is missing.");

    public JsonField? Find(string name) =>
        element.ValueKind != JsonValueKind.Object ? throw Wrong("an object")
        : element.TryGetProperty(name, out JsonElement value) ? new JsonField(value, Child(name)) : null;

    public List<JsonField> Items(int? expected = null)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("an array");
        }

        if (expected is { } length && element.GetArrayLength() != length)
        {
            throw new SolutionFormatException($"The field {path} has {element.GetArrayLength()} entries; {length} are expected.");
        }

        var items = new List<JsonField>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            items.Add(new JsonField(item, $"{path}[{items.Count}]"));
        }

        return items;
    }

    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value : throw Wrong("a finite number");

    public double NumberOrNaN() => IsNull ? double.NaN : Number();

    public int Integer() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) ? value : throw Wrong("a whole number");

    public bool Boolean() =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong("true or false");

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("a string");

    public double[] Row(int? expected = null, bool nullable = false)
    {
        // Straight over the elements: a matrix has too many entries for a path each.
        int count = element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : throw Wrong("an array of numbers");
        if (expected is { } length && count != length)
        {
            throw new SolutionFormatException($"The field {path} has {count} entries; {length} are expected.");
        }

        var row = new double[count];
        int j = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            row[j] = nullable && item.ValueKind == JsonValueKind.Null ? double.NaN
                : item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) && double.IsFinite(value) ? value
                : throw new JsonField(item, $"{path}[{j}]").Wrong("a finite number");
            j++;
        }

        return row;
    }

    public SolutionFormatException Wrong(string expected) =>
        new($"The field {(path.Length == 0 ? "(root)" : path)} is {Shown.Value(element.GetRawText())}; {expected} is expected.");

    private string Child(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
