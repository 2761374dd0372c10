using System.Numerics;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// The coarsest colouring of pairs (token, context) that refines the targets and weights, has equally many of each colour in the rows and in the columns where it is, and whose span is
/// closed under X·Yᵀ·X' (two-dimensional colour refinement, Weisfeiler and Leman 1968). No orbit of a symmetry group is ever cut; docs/mathematics.md says why averages over such colours lose nothing.
/// The closure is tested with random integers for colours, exact in double precision.
/// </summary>
internal static class PairRefinement
{
    // The largest prime below 2²⁰: sums of up to 2¹³ products of two residues are exact.
    private const long Modulus = 1048573;
    private const int LargestSide = 1 << 13;
    private const int StableRounds = 2;

    /// <summary>The colouring; null where it has more than so many colours.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="mostColours">The most colours of interest.</param>
    public static PairColouring? Of(SoftTargets targets, int mostColours)
    {
        int v = targets.Tokens, m = targets.Contexts;
        if (Math.Max(v, m) > LargestSide)
        {
            return null;
        }

        var random = new Random(1);
        int[] colours = Start(targets, out int count);
        int size = colours.Length, inner = Math.Min(v, m);
        double[] x = new double[size], y = new double[size], z = new double[size], square = new double[inner * inner], product = new double[size];
        IDenseBackend blas = LinearAlgebraProvider.Backend;
        for (int stable = 0; stable < StableRounds;)
        {
            if (count > mostColours)
            {
                return null;
            }

            Fill(x, Residues());
            Fill(y, Residues());
            Fill(z, Residues());
            if (v <= m)
            {
                // (X·Yᵀ mod p)·X'
                blas.Multiply(false, true, v, v, m, 1, x, v, y, v, 0, square, v);
                Reduce(square);
                blas.Multiply(false, false, v, m, v, 1, square, v, z, v, 0, product, v);
            }
            else
            {
                blas.Multiply(true, false, m, m, v, 1, y, v, z, v, 0, square, m);
                Reduce(square);
                blas.Multiply(false, false, v, m, m, 1, x, v, square, m, 0, product, v);
            }

            int before = count;
            colours = Split(colours, product, v, random, ref count);
            stable = count == before ? stable + 1 : 0;
        }

        return PairColouring.Of(colours, v);

        double[] Residues()
        {
            double[] drawn = new double[count];
            for (int k = 0; k < count; k++)
            {
                drawn[k] = random.NextInt64(Modulus);
            }

            return drawn;
        }

        void Fill(double[] matrix, double[] values)
        {
            for (int i = 0; i < size; i++)
            {
                matrix[i] = values[colours[i]];
            }
        }
    }

    private static void Reduce(double[] matrix)
    {
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (long)matrix[i] % Modulus;
        }
    }

    // By old colour, product, and the colours of the whole row and the whole column
    private static int[] Split(int[] colours, double[] product, int tokens, Random random, ref int count)
    {
        ulong[] code = new ulong[count], rows = new ulong[tokens], columns = new ulong[colours.Length / tokens];
        for (int k = 0; k < count; k++)
        {
            code[k] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }

        for (int i = 0; i < colours.Length; i++)
        {
            rows[i % tokens] += code[colours[i]];
            columns[i / tokens] += code[colours[i]];
        }

        var numbers = new Dictionary<(int, double, ulong), int>();
        int[] split = new int[colours.Length];
        for (int i = 0; i < split.Length; i++)
        {
            (int, double, ulong) key = (colours[i], product[i], rows[i % tokens] ^ BitOperations.RotateLeft(columns[i / tokens] * 0x9E3779B97F4A7C15, 31));
            if (!numbers.TryGetValue(key, out split[i]))
            {
                numbers.Add(key, split[i] = numbers.Count);
            }
        }

        count = numbers.Count;
        return split;
    }

    // By target and weight of the context, both to rounding
    private static int[] Start(SoftTargets targets, out int count)
    {
        int v = targets.Tokens, m = targets.Contexts;
        double[] values = Distinct(targets.Distributions.Values), weights = Distinct(targets.Weights);
        int[] colours = new int[MatrixShape.Length(v, m)];
        for (int c = 0; c < m; c++)
        {
            int weight = Place(weights, targets.Weights[c]) * (values.Length + 1);
            Array.Fill(colours, weight, c * v, v);
            ReadOnlySpan<int> rows = targets.Distributions.RowsOf(c);
            for (int i = 0; i < rows.Length; i++)
            {
                colours[(c * v) + rows[i]] = weight + 1 + Place(values, targets.Distributions.ValuesOf(c)[i]);
            }
        }

        var numbers = new Dictionary<int, int>();
        for (int i = 0; i < colours.Length; i++)
        {
            if (!numbers.TryGetValue(colours[i], out int number))
            {
                numbers.Add(colours[i], number = numbers.Count);
            }

            colours[i] = number;
        }

        count = numbers.Count;
        return colours;
    }

    // The least of each run of values that agree with the one before, ascending
    private static double[] Distinct(ReadOnlySpan<double> all)
    {
        double[] sorted = all.ToArray();
        Array.Sort(sorted);
        return [.. sorted.Where((value, i) => i == 0 || !TargetSymmetry.AreEqual(value, sorted[i - 1]))];
    }

    private static int Place(double[] distinct, double value)
    {
        int place = Array.BinarySearch(distinct, value);
        return place >= 0 ? place : ~place - 1;
    }
}
