using System.Text;
using System.Text.Json;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Counts, weights or labels from a JSON document: numbers in an array, in an object by class, or a table as an array of objects.</summary>
internal static class JsonCounts
{
    private const long Longest = 1L << 28;

    public static ClassCounts Read(Stream stream, ClassCountOptions options)
    {
        if (stream.Length - stream.Position > Longest)
        {
            throw new ClassCountFormatException(null, $"The JSON document has more than {Longest} bytes; a table in text may be of any length.");
        }

        try
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            using JsonDocument document = JsonUtf8.Parse(Encoding.UTF8.GetBytes(reader.ReadToEnd()));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root[0].ValueKind == JsonValueKind.Object ? Rows(root, options)
                : options.Column is not null ? throw new ClassCountFormatException(null, $"The file is JSON without columns; there is none called {Shown.Quote(options.Column)}.")
                : options.Content == ClassFileContent.Labels ? Labels(root)
                : root.ValueKind == JsonValueKind.Array ? Numbers(root, options.Content) : Named(root);
        }
        catch (JsonException error)
        {
            throw new ClassCountFormatException((int?)error.LineNumber + 1, $"This is not a JSON document, although it begins like one: {JsonUtf8.Reason(error)}", innerException: error);
        }
    }

    private static ClassCounts Numbers(JsonElement array, ClassFileContent content)
    {
        double[] numbers = array.EnumerateArray().Select((item, i) => Number(item, $"[{i}]")).ToArray();
        List<string> notes = content == ClassFileContent.Counts && numbers.Length > 0 && LabelList.LooksLikeLabels(numbers, atLeastTimes: 10)
            ? [$"The {numbers.Length} numbers are all from {numbers.Min()} to {numbers.Max()}, and each of those occurs: if they are the labels of examples, they are to be counted."] : [];
        return new ClassCounts(NotEmpty(numbers), null, null, notes);
    }

    private static ClassCounts Named(JsonElement root)
    {
        JsonProperty[] classes = root.EnumerateObject().ToArray();
        return new ClassCounts(NotEmpty(classes.Select(c => Number(c.Value, Shown.Quote(c.Name))).ToArray()), classes.Select(c => c.Name).ToArray(), null, []);
    }

    private static ClassCounts Labels(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new ClassCountFormatException(null, $"{Shown.Quote(root.GetRawText())} is not a list of labels; a JSON array of them is expected.");
        }

        var counter = new LabelCounter();
        int i = 0;
        foreach (JsonElement item in root.EnumerateArray())
        {
            counter.Add(item.ValueKind == JsonValueKind.String ? item.GetString() : item.ValueKind == JsonValueKind.Number ? item.GetRawText()
                : throw new ClassCountFormatException(null, $"[{i}] is {Shown.Quote(item.GetRawText())}; a label, a string or a number, is expected."), null);
            i++;
        }

        return counter.ToCounts(null, []);
    }

    // The names of the first object are the headings; the others must have the same.
    private static ClassCounts Rows(JsonElement root, ClassCountOptions options)
    {
        string[] headings = root[0].EnumerateObject().Select(property => property.Name).ToArray();
        List<string>[] columns = headings.Select(_ => new List<string>()).ToArray();
        foreach (JsonElement row in root.EnumerateArray())
        {
            for (int c = 0; c < headings.Length; c++)
            {
                columns[c].Add(row.ValueKind == JsonValueKind.Object && row.TryGetProperty(headings[c], out JsonElement field) ? Text(field)
                    : throw new ClassCountFormatException(null, $"[{columns[c].Count}] has no property {Shown.Quote(headings[c])}, which [0] has."));
            }
        }

        var table = new Table { Columns = columns, Lines = null, Separator = ',', Headings = headings };
        if (options.Content != ClassFileContent.Labels)
        {
            return CountTable.Read(table, options);
        }

        int labels = options.Column is { } named ? CountTable.Column(table, named) : LabelTable.Find(table);
        var counter = new LabelCounter();
        columns[labels].ForEach(label => counter.Add(label, null));
        return counter.ToCounts(table.Name(labels), []);
    }

    private static string Text(JsonElement field) => field.ValueKind == JsonValueKind.String ? field.GetString()! : field.GetRawText();

    private static double Number(JsonElement item, string place) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) && double.IsFinite(value) && value >= 0 ? value
            : throw new ClassCountFormatException(null, $"{place} is {Shown.Quote(item.GetRawText())}; a finite number that is not negative is expected.");

    private static double[] NotEmpty(double[] numbers) => numbers.Length > 0 ? numbers
        : throw new ClassCountFormatException(null, "There are no counts in it; one a class is expected.");
}
