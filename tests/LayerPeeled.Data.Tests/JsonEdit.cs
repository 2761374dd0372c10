using System.Text.Json.Nodes;

namespace LayerPeeled.Data.Tests;

/// <summary>Saved solutions with one field changed; a path is names and positions with dots between them.</summary>
internal static class JsonEdit
{
    public static string Change(string text, string path, Func<double, double> change)
    {
        JsonNode json = JsonNode.Parse(text)!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(json, Step);
        double value = change((double)Step(parent, steps[^1])!);
        JsonNode node = value == Math.Floor(value) && Math.Abs(value) < 1e9 ? JsonValue.Create((int)value) : JsonValue.Create(value);
        if (parent is JsonArray array)
        {
            array[int.Parse(steps[^1])] = node;
        }
        else
        {
            parent[steps[^1]] = node;
        }

        return json.ToJsonString();
    }

    public static string Replace(string text, string path, string value)
    {
        const string Marker = "@@marker@@";
        JsonNode json = JsonNode.Parse(text)!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(json, Step);
        if (parent is JsonArray array)
        {
            array[int.Parse(steps[^1])] = Marker;
        }
        else
        {
            parent[steps[^1]] = Marker;
        }

        return json.ToJsonString().Replace($"\"{Marker}\"", value, StringComparison.Ordinal);
    }

    private static JsonNode Step(JsonNode node, string step) => node is JsonArray array ? array[int.Parse(step)]! : node[step]!;
}
