using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// The class of each example, from labels as they are saved: whole numbers or names in a vector (or in an array with further axes of length 1),
/// or one-hot rows. What cannot be read without doubt is refused. Immutable.
/// </summary>
public sealed class ClassLabels
{
    private const int BlockSize = 1 << 18;
    private const int MostColumns = 1 << 24;

    private readonly long[] ids;

    private ClassLabels(long[] ids, IReadOnlyList<string>? names, int? oneHotClasses, IReadOnlyList<string> notes) =>
        (this.ids, Names, OneHotClasses, Notes) = (ids, names, oneHotClasses, notes);

    /// <summary>The class of each example, length N: the numbers of the array, the place of the name in <see cref="Names"/>, or the column of the 1.</summary>
    public ReadOnlySpan<long> Ids => ids;

    /// <summary>The names that occur, in ascending order of their characters, so that a class's id is its place here; null where the labels are no names.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>Columns of one-hot rows: classes, whether or not they have examples; null for other labels.</summary>
    public int? OneHotClasses { get; }

    /// <summary>What was done with an array that is no vector of integers, a few words each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads labels.</summary>
    /// <param name="reader">An array of which nothing was read yet.</param>
    /// <exception cref="NpyFormatException">
    /// The shape is neither that of a vector nor that of one-hot rows, a row has other numbers than zeros and a single 1, a label is no integer, or the
    /// data end early or are damaged.
    /// </exception>
    public static ClassLabels Read(NpyReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var notes = new List<string>();
        if (reader.Squeeze(1))
        {
            notes.Add($"the shape {reader.Header.ShapeText} is read as {NpyHeader.TextOf(reader.Shape)}");
        }

        reader.Squeeze(2);
        return reader.Header.IsText ? OfNames(reader.ReadTexts(), notes)
            : reader.Shape.Count == 2 ? OneHot(reader, notes)
            : OfNumbers(reader, notes);
    }

    private static ClassLabels OfNumbers(NpyReader reader, List<string> notes)
    {
        long[] ids = reader.ReadLabels();
        if (reader.Header.ElementType is NpyElementType.Float16 or NpyElementType.Float32 or NpyElementType.Float64)
        {
            notes.Add("whole numbers in floating point are read as class ids");
        }

        return new ClassLabels(ids, null, null, notes);
    }

    private static ClassLabels OfNames(string[] texts, List<string> notes)
    {
        // By code points, as Python sorts, which UTF-16 does not do everywhere.
        string[] names = [.. texts.Distinct().OrderBy(name => Convert.ToHexString(new UTF32Encoding(true, false).GetBytes(name)), StringComparer.Ordinal)];
        if (names.Length > 0 && names.All(IsNumber))
        {
            notes.Add("whole numbers in text are read as class ids");
            return new ClassLabels(Array.ConvertAll(texts, text => long.Parse(text, CultureInfo.InvariantCulture)), null, null, notes);
        }

        var place = names.Index().ToDictionary(name => name.Item, name => (long)name.Index);
        notes.Add($"{names.Length} names are read as classes, in ascending order");
        return new ClassLabels(Array.ConvertAll(texts, text => place[text]), names, null, notes);
    }

    private static bool IsNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number.ToString(CultureInfo.InvariantCulture) == text;

    private static ClassLabels OneHot(NpyReader reader, List<string> notes)
    {
        int columns = reader.ColumnCount;
        if (reader.RowCount > Array.MaxLength || columns < 2)
        {
            throw new NpyFormatException(reader.Name, $"the shape is {reader.Header.ShapeText}, expected a vector of labels or one-hot rows.");
        }

        if (columns > MostColumns)
        {
            throw new NpyFormatException(reader.Name, $"the shape is {reader.Header.ShapeText}; one-hot rows of up to {MostColumns} classes are read.");
        }

        var ids = new List<long>();
        var block = new double[Math.Min(reader.RowCount, Math.Max(1, BlockSize / columns)) * columns];
        for (int rows; (rows = reader.ReadRows(block.AsSpan())) > 0;)
        {
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<double> row = block.AsSpan(i * columns, columns);
                int one = row.IndexOf(1.0);
                if (one < 0 || row[..one].ContainsAnyExcept(0.0) || row[(one + 1)..].ContainsAnyExcept(0.0))
                {
                    throw new NpyFormatException(
                        reader.Name, $"labels of shape {reader.Header.ShapeText} must be one-hot, and row {ids.Count} is not a single 1 among zeros. "
                            + "Of logits, probabilities or soft labels save the class of each row: labels.argmax(axis=1).");
                }

                ids.Add(one);
            }
        }

        notes.Add($"one-hot rows {NpyHeader.TextOf(reader.Shape)} are read as class ids 0 to {columns - 1}");
        return new ClassLabels([.. ids], null, columns, notes);
    }
}
