using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Kernels;

public sealed unsafe class ThinProductTests
{
    private const double Roundoff = 1e-13;
    private const double Untouched = 12345;

    public static TheoryData<int> Lengths => [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 47, 63, 203, 515, 1100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dots_AnyShape_AreInnerProducts(int n)
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (2, 3), (5, 4), (6, 7), (7, 2), (12, 9), (13, 33) })
        {
            int lda = n + 3, ldx = n + 1, ldz = ThinProduct.PaddedColumns(columns) + 2;
            AlignedArray a = Random(rows * lda, 1), x = Random(columns * ldx, 2), z = Filled(rows * ldz);
            foreach (int times in new[] { 1, 2 })
            {
                ThinProduct.Dots(n, rows, a.Pointer, lda, columns, x.Pointer, ldx, z.Pointer, ldz, add: times == 2, next: times == 2 ? x.Pointer : null);
                for (int i = 0; i < rows; i++)
                {
                    for (int c = 0; c < ThinProduct.PaddedColumns(columns); c++)
                    {
                        double sum = 0, size = 0;
                        for (int r = 0; r < n; r++)
                        {
                            double term = a.Span[(i * lda) + r] * x.Span[(Math.Min(c, columns - 1) * ldx) + r];
                            (sum, size) = (sum + term, size + Math.Abs(term));
                        }

                        Assertions.Within(times * sum, z.Span[(i * ldz) + c], Roundoff * size, $"{rows} rows, {columns} columns, ({i}, {c})");
                    }

                    Assert.Equal([Untouched, Untouched], z.Span.Slice((i * ldz) + ThinProduct.PaddedColumns(columns), 2));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Combine_AnyShape_IsTheScaledSum(int n)
    {
        foreach ((int terms, int columns) in new[] { (0, 2), (1, 1), (3, 2), (2, 5), (10, 6), (4, 7), (30, 13), (9, 33) })
        {
            foreach (bool byColumns in new[] { true, false })
            {
                int ldx = n + 3, ldy = n + 2;
                (int ldf, int step) = byColumns ? (columns + 1, 1) : (1, terms + 2);
                AlignedArray x = Random(terms * ldx, 1), f = Random((terms + 2) * (columns + 1), 2), y = Random(columns * ldy, 3), scale = Random(columns, 4);
                double[] before = y.Span.ToArray();
                ThinProduct.Combine(
                    n, terms, x.Pointer, ldx, f.Pointer, ldf, step, columns, y.Pointer, ldy, byColumns ? scale.Pointer : null, byColumns ? null : x.Pointer);
                for (int c = 0; c < columns; c++)
                {
                    for (int r = 0; r < n; r++)
                    {
                        double sum = (byColumns ? scale.Span[c] : 1) * before[(c * ldy) + r], size = Math.Abs(sum);
                        for (int l = 0; l < terms; l++)
                        {
                            double term = f.Span[(l * ldf) + (c * step)] * x.Span[(l * ldx) + r];
                            (sum, size) = (sum + term, size + Math.Abs(term));
                        }

                        Assertions.Within(sum, y.Span[(c * ldy) + r], Roundoff * size, $"{terms} terms, {columns} columns, ({r}, {c})");
                    }

                    Assert.Equal(before.AsSpan((c * ldy) + n, ldy - n), y.Span.Slice((c * ldy) + n, ldy - n));
                }
            }
        }
    }

    [Fact]
    public void ColumnScaling_PartsOfLongerRows_LeavesTheRest()
    {
        const int Rows = 5, Columns = 12, Stride = 15;
        AlignedArray x = Random(Rows * Stride, 1), y = Random(Rows * Stride, 2), scale = Random(Columns, 3);
        AlignedArray scaled = Filled(Rows * Stride), summed = Filled(Rows * Stride), dots = Filled(Columns + 1);
        ColumnScaling.Scale(Rows, Columns, Stride, x.Pointer, scale.Pointer, scaled.Pointer);
        ColumnScaling.ScaleSum(Rows, Columns, Stride, x.Pointer, y.Pointer, scale.Pointer, summed.Pointer);
        ColumnScaling.Dots(Rows, Columns, Stride, x.Pointer, y.Pointer, dots.Pointer);
        for (int c = 0; c < Stride; c++)
        {
            double dot = 0;
            for (int i = 0; i < Rows; i++)
            {
                int at = (i * Stride) + c;
                dot += x.Span[at] * y.Span[at];
                Assert.Equal(c < Columns ? scale.Span[c] * x.Span[at] : Untouched, scaled.Span[at]);
                Assert.Equal(c < Columns ? scale.Span[c] * (x.Span[at] + y.Span[at]) : Untouched, summed.Span[at]);
            }

            if (c <= Columns)
            {
                Assertions.Within(c < Columns ? dot : Untouched, dots.Span[c], 5 * Roundoff);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    public void ColumnScaling_FillAndSum_TakeSoManyNumbers(int count)
    {
        AlignedArray x = Filled(12);
        ColumnScaling.Fill(x.Pointer, count, 0.5);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i < count ? 0.5 : Untouched), x.Span.ToArray());
        Assert.Equal(0.5 * count, ColumnScaling.Sum(x.Pointer, count));
    }

    [Fact]
    public void AlignedArray_AnyLength_BeginsOnACacheLine()
    {
        for (int length = 0; length < 20; length++)
        {
            var array = new AlignedArray(length);
            Assert.Equal(0, (long)array.Pointer % 64);
            Assert.Equal(new double[length], array.Span.ToArray());
        }
    }

    private static AlignedArray Random(int length, int seed)
    {
        var random = new Random(seed);
        var array = new AlignedArray(length);
        for (int i = 0; i < length; i++)
        {
            array.Span[i] = (2 * random.NextDouble()) - 1;
        }

        return array;
    }

    private static AlignedArray Filled(int length)
    {
        var array = new AlignedArray(length);
        array.Span.Fill(Untouched);
        return array;
    }
}
