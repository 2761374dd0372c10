using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Changes to JSON documents that leave them JSON: a value becomes another, goes away, or comes twice.</summary>
internal sealed class JsonMutations(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "-1", "2", "3", "0.5", "1e308", "-1e-320", "2147483647", "2000000000", "9007199254740993", "\"\"", "\"x\"",
        "\"\\ud83d\\ude00\"", "[]", "{}", "[0]", "[[0, 1]]",
    ];

    /// <summary>Makes one change; null where the document cannot be parsed.</summary>
    public byte[]? Mutate(byte[] document, byte[] other)
    {
        try
        {
            return Change(Parse(document), other);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or with strings that are not text
            return null;
        }
    }

    private byte[] Change(JsonNode root, byte[] other)
    {
        List<JsonNode> places = [.. All(root)];
        JsonNode place = places[random.Next(places.Count)];
        if (place.Parent is JsonArray array)
        {
            int at = place.GetElementIndex();
            switch (random.Next(4))
            {
                case 0:
                    array.RemoveAt(at);
                    break;
                case 1:
                    array.Insert(at, place.DeepClone());
                    break;
                default:
                    array[at] = Value(other);
                    break;
            }
        }
        else if (place.Parent is JsonObject parent)
        {
            string name = place.GetPropertyName();
            if (random.Next(4) == 0)
            {
                parent.Remove(name);
            }
            else
            {
                parent[name] = Value(other);
            }
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    // Sometimes one of another document
    private JsonNode? Value(byte[] other)
    {
        if (random.Next(4) == 0 && other is [(byte)'{', ..])
        {
            List<JsonNode> places = [.. All(Parse(other))];
            return places[random.Next(places.Count)].DeepClone();
        }

        return JsonNode.Parse(Values[random.Next(Values.Length)]);
    }

    private static JsonNode Parse(byte[] document) =>
        JsonNode.Parse(document, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) ?? throw new JsonException("null");

    // Nulls are no nodes; what is beside them changes.
    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch { JsonArray array => array, JsonObject members => members.Select(member => member.Value), _ => [] };
        return children.OfType<JsonNode>().SelectMany(All).Prepend(node);
    }
}
