using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Counts, weights or labels from NumPy arrays.</summary>
internal static class NumpyCounts
{
    /// <summary>An <c>.npy</c> file.</summary>
    public static ClassCounts Array(Stream stream, ClassCountOptions options) => Reading(() =>
    {
        RefuseColumn(options);
        using var reader = new NpyReader(stream, "the array", leaveOpen: true);
        return Read(reader, null, options);
    });

    /// <summary>An <c>.npz</c> archive: the array that is called like what is wanted, or the only one.</summary>
    public static ClassCounts Archive(Stream stream, ClassCountOptions options) => Reading(() =>
    {
        using var archive = new NpzArchive(stream, "the archive", leaveOpen: true);
        string[] wanted = options.Column is { } named ? [named]
            : options.Content switch { ClassFileContent.Labels => ["labels", "label", "targets", "y"], ClassFileContent.Weights => ["weights"], _ => ["counts", "count"] };
        string? name = wanted.FirstOrDefault(archive.Names.Contains) ?? (archive.Names.Count == 1 && options.Column is null ? archive.Names[0] : null);
        if (name is null)
        {
            throw new ClassCountFormatException(null, archive.Names.Count == 0 ? "It is a zip archive without NumPy arrays; a workbook must be saved as CSV."
                : $"It has no array '{wanted[0]}'; the arrays are {string.Join(", ", archive.Names.Take(12).Select(n => Shown.Quote(n)))}.",
                archive.Names.Count == 0 ? ClassCountRemedy.None : ClassCountRemedy.NameColumn);
        }

        using NpyReader reader = archive.Open(name);
        return Read(reader, $"array {Shown.Quote(name)}", options);
    });

    private static ClassCounts Read(NpyReader reader, string? place, ClassCountOptions options)
    {
        // A vector; axes of length 1 are as good as none.
        if (reader.Header.Shape.Count(length => length != 1) > 1)
        {
            throw new ClassCountFormatException(null, $"The array has the shape {reader.Header.ShapeText}; a vector is expected.");
        }

        return options.Content == ClassFileContent.Labels ? CountLabels(reader, place) : Numbers(reader, place, options.Content);
    }

    private static ClassCounts CountLabels(NpyReader reader, string? place)
    {
        var counter = new LabelCounter();
        foreach (long label in Labels(reader))
        {
            counter.Add(label);
        }

        return counter.ToCounts(place, []);
    }

    private static long[] Labels(NpyReader reader) => reader.Header.Shape.Count == 1 ? reader.ReadLabels()
        : reader.ReadNumbers().Select((x, i) => x == Math.Floor(x) && Math.Abs(x) < 1L << 53 ? (long)x
            : throw new ClassCountFormatException(null, $"Element {i} is {x}; labels are whole numbers.")).ToArray();

    private static ClassCounts Numbers(NpyReader reader, string? place, ClassFileContent content)
    {
        double[] numbers = reader.ReadNumbers();
        int bad = System.Array.FindIndex(numbers, x => !double.IsFinite(x) || x < 0);
        if (bad >= 0 || numbers.Length == 0)
        {
            throw new ClassCountFormatException(null, bad < 0 ? "The array is empty; at least one number is expected."
                : $"Element {bad} is {numbers[bad]}; a finite number that is not negative is expected.");
        }

        List<string> notes = content == ClassFileContent.Counts && LabelList.LooksLikeLabels(numbers, atLeastTimes: 10)
            ? [$"The {numbers.Length} numbers are all from {numbers.Min()} to {numbers.Max()}, and each of those occurs: if they are the labels of examples, they are to be counted."] : [];
        return new ClassCounts(numbers, null, place, notes);
    }

    private static void RefuseColumn(ClassCountOptions options)
    {
        if (options.Column is { } column)
        {
            throw new ClassCountFormatException(null, $"The file is a NumPy array and has no column {Shown.Quote(column)}.");
        }
    }

    private static ClassCounts Reading(Func<ClassCounts> read)
    {
        try
        {
            return read();
        }
        catch (NpyFormatException error)
        {
            throw new ClassCountFormatException(null, error.Message, innerException: error);
        }
    }
}
