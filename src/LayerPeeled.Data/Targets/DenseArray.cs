using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>Dense matrices in NumPy arrays. In C order zeros are dropped as they are read; in Fortran order the whole array is held.</summary>
internal static class DenseArray
{
    private const int BlockSize = 1 << 18;

    public static SparseColumns Read(Stream stream)
    {
        using var reader = new NpyReader(stream, "the array", leaveOpen: true);
        (int rows, int columns) = TargetSize.Require(reader.RowCount, reader.ColumnCount, Math.Min(reader.Header.ElementCount, Array.MaxLength));
        return TargetFormatException.Build(() => SparseColumns.FromTriplets(rows, columns, Entries(reader, columns)));
    }

    private static IEnumerable<(int Row, int Column, double Value)> Entries(NpyReader reader, int columns)
    {
        var block = new double[Math.Max(1, BlockSize / columns) * columns];
        int begin = 0;
        for (int rows; (rows = reader.ReadRows(block.AsSpan())) > 0; begin += rows)
        {
            for (int i = 0; i < rows * columns; i++)
            {
                if (block[i] != 0)
                {
                    yield return (begin + (i / columns), i % columns, block[i]);
                }
            }
        }
    }
}
