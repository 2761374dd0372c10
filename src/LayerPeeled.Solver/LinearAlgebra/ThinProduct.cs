using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>
/// The three products between a few rows a_i and a block of columns x_c that lies in cache, both contiguous in r &lt; n. Rows are tiled by
/// five and must be padded with zero rows to a multiple of <see cref="RowTile"/>; any number of columns will do. Sums run in a fixed order.
/// </summary>
internal static unsafe partial class ThinProduct
{
    /// <summary>Rows come in multiples of this.</summary>
    public const int RowTile = 5;

    // Entries of r that stay in the first-level cache for five rows.
    private const int Panel = 512;

    /// <summary>The next multiple of <see cref="RowTile"/>.</summary>
    public static int PaddedRows(int rows) => (rows + RowTile - 1) / RowTile * RowTile;

    /// <summary>z_c[i] ← Σ_r a_i[r]·x_c[r]. Columns that come so many later are fetched into the cache meanwhile; zero fetches none.</summary>
    public static void Dots(int n, int rows, double* a, int lda, int columns, double* x, int ldx, double* z, int ldz, int ahead = 0)
    {
        int last = columns - 1;
        if (Vector512.IsHardwareAccelerated)
        {
            for (int c = 0; c < columns; c += 4)
            {
                // Beyond the last column the last is computed again.
                int c1 = Math.Min(c + 1, last), c2 = Math.Min(c + 2, last), c3 = Math.Min(c + 3, last);
                for (int i = 0; i < rows; i += RowTile)
                {
                    DotTile(
                        n, a + ((nint)i * lda), lda, x + ((nint)c * ldx), x + ((nint)c1 * ldx), x + ((nint)c2 * ldx), x + ((nint)c3 * ldx),
                        z + i + ((nint)c * ldz), z + i + ((nint)c1 * ldz), z + i + ((nint)c2 * ldz), z + i + ((nint)c3 * ldz), i == 0 ? (nint)ahead * ldx : 0);
                }
            }

            return;
        }

        for (int c = 0; c < columns; c += 2)
        {
            int c1 = Math.Min(c + 1, last);
            for (int i = 0; i < rows; i += RowTile)
            {
                DotTile(n, a + ((nint)i * lda), lda, x + ((nint)c * ldx), x + ((nint)c1 * ldx), z + i + ((nint)c * ldz), z + i + ((nint)c1 * ldz), i == 0 ? (nint)ahead * ldx : 0);
            }
        }
    }

    /// <summary>a_i[r] ← a_i[r] + Σ_c g_c[i]·x_c[r].</summary>
    public static void AddToRows(int n, int rows, double* a, int lda, int columns, double* x, int ldx, double* g, int ldg)
    {
        double* none = stackalloc double[RowTile];
        new Span<double>(none, RowTile).Clear();
        int last = columns - 1, tile = Vector512.IsHardwareAccelerated ? 4 : 2;
        for (int r = 0; r < n; r += Panel)
        {
            int length = Math.Min(Panel, n - r);
            for (int i = 0; i < rows; i += RowTile)
            {
                double* row = a + r + ((nint)i * lda);
                for (int c = 0; c < columns; c += tile)
                {
                    int c1 = Math.Min(c + 1, last);
                    double* x0 = x + r + ((nint)c * ldx), x1 = x + r + ((nint)c1 * ldx);
                    double* g0 = g + i + ((nint)c * ldg), g1 = c1 > c ? g + i + ((nint)c1 * ldg) : none;
                    if (tile == 4)
                    {
                        int c2 = Math.Min(c + 2, last), c3 = Math.Min(c + 3, last);
                        RowTileOf4(
                            length, row, lda, x0, x1, x + r + ((nint)c2 * ldx), x + r + ((nint)c3 * ldx),
                            g0, g1, c2 > c1 ? g + i + ((nint)c2 * ldg) : none, c3 > c2 ? g + i + ((nint)c3 * ldg) : none);
                    }
                    else
                    {
                        RowTileOf2(length, row, lda, x0, x1, g0, g1);
                    }
                }
            }
        }
    }

    /// <summary>x_c[r] ← x_c[r] + Σ_i g_c[i]·a_i[r].</summary>
    public static void AddToColumns(int n, int rows, double* a, int lda, int columns, double* x, int ldx, double* g, int ldg)
    {
        int last = columns - 1, tile = Vector512.IsHardwareAccelerated ? 4 : 2;
        for (int r = 0; r < n; r += Panel)
        {
            int length = Math.Min(Panel, n - r);
            for (int c = 0; c < columns; c += tile)
            {
                // Beyond the last column the same sum is stored twice.
                int c1 = Math.Min(c + 1, last), c2 = Math.Min(c + 2, last), c3 = Math.Min(c + 3, last);
                double* x0 = x + r + ((nint)c * ldx), x1 = x + r + ((nint)c1 * ldx);
                for (int i = 0; i < rows; i += RowTile)
                {
                    double* row = a + r + ((nint)i * lda);
                    double* g0 = g + i + ((nint)c * ldg), g1 = g + i + ((nint)c1 * ldg);
                    if (tile == 4)
                    {
                        ColumnTileOf4(
                            length, row, lda, x0, x1, x + r + ((nint)c2 * ldx), x + r + ((nint)c3 * ldx),
                            g0, g1, g + i + ((nint)c2 * ldg), g + i + ((nint)c3 * ldg));
                    }
                    else
                    {
                        ColumnTileOf2(length, row, lda, x0, x1, g0, g1);
                    }
                }
            }
        }
    }
}
