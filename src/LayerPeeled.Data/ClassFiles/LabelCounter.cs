using System.Globalization;
using System.Runtime.InteropServices;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Counts labels as they come; the classes are in the order of their numbers, or else of their names.</summary>
internal sealed class LabelCounter
{
    private const int MostClasses = 1 << 24;

    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public LabelCounter() => lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Counts one example.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="place">The line or entry, for messages.</param>
    /// <exception cref="ClassCountFormatException">There are too many classes.</exception>
    public void Add(ReadOnlySpan<char> label, int? place)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(lookup, label, out _)++;
        if (counts.Count > MostClasses)
        {
            throw new ClassCountFormatException(place, $"There are more than {MostClasses} different labels.");
        }
    }

    public void Add(long label)
    {
        Span<char> text = stackalloc char[20];
        label.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture);
        Add(text[..length], null);
    }

    /// <exception cref="ClassCountFormatException">There was no label.</exception>
    public ClassCounts ToCounts(string? column, List<string> notes)
    {
        if (counts.Count == 0)
        {
            throw new ClassCountFormatException(null, "There are no labels in it; one a line is expected.");
        }

        long Number(string label) => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : long.MinValue;
        bool areNumbers = counts.Keys.All(label => Number(label) != long.MinValue);
        KeyValuePair<string, long>[] classes = areNumbers
            ? [.. counts.OrderBy(pair => Number(pair.Key))] : [.. counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        if (areNumbers)
        {
            NoteGaps(classes, Number, notes);
        }

        if (classes.Length > 1 && classes.All(pair => pair.Value == 1))
        {
            notes.Add("Every label occurs once: this may be a list of classes, not of examples.");
        }

        return new ClassCounts(classes.Select(pair => (double)pair.Value).ToArray(), classes.Select(pair => pair.Key).ToArray(), column, notes);
    }

    private static void NoteGaps(KeyValuePair<string, long>[] classes, Func<string, long> number, List<string> notes)
    {
        long first = number(classes[0].Key), last = number(classes[^1].Key), missing = last - first + 1 - classes.Length;
        if (first is 0 or 1 && missing > 0 && missing <= classes.Length)
        {
            int before = Enumerable.Range(0, classes.Length - 1).First(i => number(classes[i + 1].Key) > number(classes[i].Key) + 1);
            notes.Add($"No example has the label {number(classes[before].Key) + 1}{(missing > 1 ? $", nor {missing - 1} others below {last}" : "")}: classes without examples are not in the list.");
        }
    }
}
