using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// The two products between a few long vectors and a block of columns that lies in cache: inner products and linear combinations.
/// Vectors are contiguous. Sums run in an order that depends on the shape alone.
/// </summary>
internal static unsafe partial class ThinProduct
{
    /// <summary>So many rows or columns stay in registers.</summary>
    public const int LargestTile = 6;

    // Rows of inner products are stored in whole tiles of columns.
    private const int ColumnTile = 4;
    private const int CacheLine = 8;

    // Entries of a tile of rows that stay in the first-level cache while columns go by.
    private const int PanelEntries = 2560;
    private const int LongestVectors = 16;
    private static readonly AlignedArray Ones = Filled(2 * LongestVectors, 1);

    // Sixteen times no bits, then sixteen times all: read from within, a mask of the entries of a vector that count.
    private static readonly AlignedArray Masks = Filled(2 * LongestVectors, BitConverter.Int64BitsToDouble(-1));

    /// <summary>The room that a row of inner products with so many columns takes.</summary>
    public static int PaddedColumns(int columns) => (columns + ColumnTile - 1) / ColumnTile * ColumnTile;

    /// <summary>
    /// z_i[c] ← Σ_r a_i[r]·x_c[r], or that and what was there. What follows the last column up to <see cref="PaddedColumns"/> repeats it.
    /// Meanwhile the first half of the n·columns entries that begin at <paramref name="next"/> is fetched into the cache, if not null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(int n, int rows, double* a, nint lda, int columns, double* x, nint ldx, double* z, nint ldz, bool add = false, double* next = null)
    {
        bool wide = Vector512.IsHardwareAccelerated;
        double* masks = Masks.Pointer + LongestVectors;
        int lanes = wide ? 8 : 4, step = wide ? 4 : 2, last = columns - 1;
        if (n < lanes)
        {
            ShortDots(n, rows, a, lda, columns, x, ldx, z, ldz, add);
            return;
        }

        int height = Math.Max(1, Even(rows, LargestTile)), panel = Math.Max(Even(n, Math.Max(PanelEntries / height, lanes)), lanes);
        panel = (panel + lanes - 1) / lanes * lanes;
        for (int r = 0, length; r < n; r += length, add = true)
        {
            // what is left must fill a vector
            length = n - r < panel + lanes ? n - r : panel;
            for (int i = 0; i < rows; i += height)
            {
                int count = Math.Min(height, rows - i);
                double* row = a + r + (i * lda), target = z + (i * ldz), ahead = i > 0 || next == null ? null : next + ((nint)r * columns / 2);
                for (int c = 0; c < columns; c += step)
                {
                    double* x0 = x + r + (c * ldx), x1 = x + r + (Math.Min(c + 1, last) * ldx);
                    if (wide)
                    {
                        double* x2 = x + r + (Math.Min(c + 2, last) * ldx), x3 = x + r + (Math.Min(c + 3, last) * ldx);
                        WideDots(count, length, row, lda, x0, x1, x2, x3, target + c, ldz, add, masks, ahead);
                    }
                    else
                    {
                        NarrowDots(count, length, row, lda, x0, x1, target + c, ldz, add, masks, ahead);
                    }

                    ahead += ahead == null ? 0 : length * step / 2;
                }
            }
        }

        // Tiles of two columns may end before the room does.
        int done = (columns + step - 1) / step * step, padded = PaddedColumns(columns);
        for (int i = 0; done < padded && i < rows; i++)
        {
            double* target = z + (i * ldz);
            new Span<double>(target + done, padded - done).Fill(target[last]);
        }
    }

    /// <summary>
    /// y_c[r] ← s_c·y_c[r] + Σ_l f_lc·x_l[r], with s = 1 if null, where f_lc stands at l·<paramref name="ldf"/> + c·<paramref name="step"/>.
    /// Meanwhile the first half of the n·terms entries that begin at <paramref name="next"/> is fetched into the cache, if not null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(
        int n, int terms, double* x, nint ldx, double* f, nint ldf, nint step, int columns, double* y, nint ldy, double* scale = null, double* next = null)
    {
        bool wide = Vector512.IsHardwareAccelerated;
        double* masks = Masks.Pointer + LongestVectors, ones = Ones.Pointer + LongestVectors;
        int least = wide ? 16 : 8, width = Even(columns, LargestTile);
        if (n < least)
        {
            ShortCombine(n, terms, x, ldx, f, ldf, step, columns, y, ldy, scale);
            return;
        }

        for (int r = 0, length; r < n; r += length)
        {
            // The last tile reaches back to entries that are done, which it keeps.
            length = wide && n - r >= 32 ? 32 : least;
            int at = Math.Min(r, n - least);
            double* ahead = next == null || (!wide && r % 16 != 0) ? null : next + ((nint)r * terms / 2), mask = at < r ? masks - (r - at) : null;
            for (int c = 0; c < columns; c += width, ahead = null)
            {
                int count = Math.Min(width, columns - c);
                double* factor = f + (c * step), target = y + at + (c * ldy), s = scale == null ? ones : scale + c;
                if (!wide)
                {
                    NarrowCombine(count, terms, x + at, ldx, factor, ldf, step, target, ldy, s, mask, ahead);
                }
                else if (length == least)
                {
                    WideCombine<Two>(count, terms, x + at, ldx, factor, ldf, step, target, ldy, s, mask, ahead);
                }
                else
                {
                    WideCombine<Four>(count, terms, x + at, ldx, factor, ldf, step, target, ldy, s, mask, ahead);
                }
            }
        }
    }

    private static AlignedArray Filled(int count, double value)
    {
        var array = new AlignedArray(count);
        array.Span[(count / 2)..].Fill(value);
        return array;
    }

    // The least part, when so many are cut into parts of nearly one size that is at most the limit.
    private static int Even(int count, int limit)
    {
        int parts = Math.Max(1, (count + limit - 1) / limit);
        return (count + parts - 1) / parts;
    }

    private static void ShortDots(int n, int rows, double* a, nint lda, int columns, double* x, nint ldx, double* z, nint ldz, bool add)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int c = 0; c < PaddedColumns(columns); c++)
            {
                double sum = add ? z[(i * ldz) + c] : 0;
                for (int r = 0; r < n; r++)
                {
                    sum += a[(i * lda) + r] * x[(Math.Min(c, columns - 1) * ldx) + r];
                }

                z[(i * ldz) + c] = sum;
            }
        }
    }

    private static void ShortCombine(
        int n, int terms, double* x, nint ldx, double* f, nint ldf, nint step, int columns, double* y, nint ldy, double* scale)
    {
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < n; r++)
            {
                double sum = 0;
                for (int l = 0; l < terms; l++)
                {
                    sum += f[(l * ldf) + (c * step)] * x[(l * ldx) + r];
                }

                y[(c * ldy) + r] = sum + ((scale == null ? 1 : scale[c]) * y[(c * ldy) + r]);
            }
        }
    }
}
