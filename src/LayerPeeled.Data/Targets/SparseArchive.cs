using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// The archives that SciPy's <c>scipy.sparse.save_npz</c> writes: <c>format</c> (the text csc, csr or coo), <c>shape</c>, <c>data</c>, and the places of the entries,
/// <c>indices</c> and <c>indptr</c>, <c>row</c> and <c>col</c>, or <c>coords</c>.
/// </summary>
internal static class SparseArchive
{
    public static SparseColumns Read(Stream stream)
    {
        using var archive = new NpzArchive(stream, "the archive", leaveOpen: true);
        if (!archive.Names.Contains("format"))
        {
            throw new TargetFormatException(
                $"The archive has no array 'format' as scipy.sparse.save_npz writes it; its arrays are: {Shown.Names(archive.Names)}. "
                    + "A dense matrix is read from an array of its own (numpy.save).");
        }

        string format = Open(archive, "format", reader => reader.ReadText());
        return format switch
        {
            "csc" => Compressed(archive, byColumns: true),
            "csr" => Compressed(archive, byColumns: false),
            "coo" => Coordinates(archive),
            _ => throw new TargetFormatException($"{Shown.Quote(format)} is none of csc, csr and coo; save the matrix as matrix.tocsc().", array: "format"),
        };
    }

    private static SparseColumns Compressed(NpzArchive archive, bool byColumns)
    {
        (long statedRows, long statedColumns) = Shape(archive);
        double[] data = Data(archive);
        (int rows, int columns) = TargetSize.Require(statedRows, statedColumns, data.Length);
        int[] starts = Integers(archive, "indptr", data.Length);
        int[] indices = Integers(archive, "indices", (byColumns ? rows : columns) - 1);

        // SciPy allows for entries behind the last vector that are not used.
        int count = starts.Length > 0 ? starts[^1] : 0;
        if (indices.Length < count)
        {
            throw new TargetFormatException($"It has {indices.Length} elements; 'indptr' asks for {count}.", array: "indices");
        }

        return TargetFormatException.Build(() => byColumns
            ? SparseColumns.FromCompressedColumns(rows, columns, starts, indices.AsSpan(0, count), data.AsSpan(0, count))
            : SparseColumns.FromCompressedRows(rows, columns, starts, indices.AsSpan(0, count), data.AsSpan(0, count)));
    }

    private static SparseColumns Coordinates(NpzArchive archive)
    {
        (long statedRows, long statedColumns) = Shape(archive);
        double[] data = Data(archive);
        (int rows, int columns) = TargetSize.Require(statedRows, statedColumns, data.Length);
        bool isOneArray = archive.Names.Contains("coords");
        double[] both = isOneArray ? Open(archive, "coords", reader =>
        {
            reader.RequireShape(2, data.Length);
            return reader.ReadNumbers();
        }) : [];
        int[] row = isOneArray ? Whole(both.AsSpan(0, data.Length), rows - 1) : Integers(archive, "row", rows - 1);
        int[] column = isOneArray ? Whole(both.AsSpan(data.Length), columns - 1) : Integers(archive, "col", columns - 1);
        if (row.Length != data.Length || column.Length != data.Length)
        {
            throw new TargetFormatException($"It has {data.Length} elements, 'row' has {row.Length} and 'col' {column.Length}.", array: "data");
        }

        return TargetFormatException.Build(() => SparseColumns.FromTriplets(rows, columns, Enumerable.Range(0, data.Length).Select(e => (row[e], column[e], data[e]))));
    }

    private static (long Rows, long Columns) Shape(NpzArchive archive) => Open(archive, "shape", reader =>
    {
        reader.RequireShape(2);
        long[] shape = reader.ReadLabels();
        return (shape[0], shape[1]);
    });

    private static double[] Data(NpzArchive archive) => Open(archive, "data", reader => reader.ReadVector().AsArray());

    private static int[] Integers(NpzArchive archive, string name, int largest) => Open(archive, name, reader =>
    {
        long[] numbers = reader.ReadLabels();
        int bad = Array.FindIndex(numbers, n => n < 0 || n > largest);
        return bad < 0 ? Array.ConvertAll(numbers, n => (int)n)
            : throw new TargetFormatException($"Element {bad} is {numbers[bad]}; it must be from 0 to {largest}.", array: name);
    });

    private static int[] Whole(ReadOnlySpan<double> numbers, int largest)
    {
        var whole = new int[numbers.Length];
        for (int e = 0; e < whole.Length; e++)
        {
            whole[e] = numbers[e] >= 0 && numbers[e] <= largest && numbers[e] == Math.Floor(numbers[e]) ? (int)numbers[e]
                : throw new TargetFormatException($"An element is {numbers[e]}; it must be a whole number from 0 to {largest}.", array: "coords");
        }

        return whole;
    }

    private static T Open<T>(NpzArchive archive, string name, Func<NpyReader, T> read)
    {
        using NpyReader reader = archive.Open(name);
        return read(reader);
    }
}
