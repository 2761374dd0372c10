namespace LayerPeeled.Solver.Tests.LinearAlgebra;

internal static class TestMatrices
{
    public static double[] Random(int m, int n, int seed)
    {
        var random = new Random(seed);
        var a = new double[m * n];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (2 * random.NextDouble()) - 1;
        }

        return a;
    }

    /// <summary>Random numbers with NaN in the rows between <paramref name="rows"/> and <paramref name="ld"/>, and behind the last column.</summary>
    public static double[] Guarded(int rows, int columns, int ld, int seed)
    {
        double[] values = Random(rows, columns, seed);
        var a = new double[(ld * columns) + 5];
        Array.Fill(a, double.NaN);
        for (int j = 0; j < columns; j++)
        {
            values.AsSpan(j * rows, rows).CopyTo(a.AsSpan(j * ld));
        }

        return a;
    }

    /// <summary>Matrices that are easy, degenerate, or badly scaled.</summary>
    public static IEnumerable<(string Kind, double[] Matrix)> All(int m, int n)
    {
        yield return ("random", Random(m, n, m + n));
        yield return ("zero", new double[m * n]);
        yield return ("ones", Filled(m, n, (_, _) => 1));
        yield return ("identity", Filled(m, n, (i, j) => i == j ? 1 : 0));
        yield return ("diagonal", Filled(m, n, (i, j) => i == j ? ((i * 7) % 5) - 2 : 0));
        yield return ("graded down", Filled(m, n, (i, j) => Math.Cos((i * 3) + j) * Math.Pow(10, -0.2 * (i + j))));
        yield return ("graded up", Filled(m, n, (i, j) => Math.Cos((i * 3) + j) * Math.Pow(10, -0.2 * (m + n - i - j))));
        yield return ("rank two", Filled(m, n, (i, j) => (Math.Sin(i) * Math.Cos(j)) + (Math.Cos(2 * i) * Math.Sin(3 * j))));
        yield return ("Hilbert", Filled(m, n, (i, j) => 1.0 / (i + j + 1)));
        yield return ("huge", Filled(m, n, (i, j) => 1e300 * Math.Cos((i * j) + i)));
        yield return ("tiny", Filled(m, n, (i, j) => 1e-290 * Math.Cos((i * j) + i)));
    }

    public static double[] Symmetrised(int n, double[] a) => Filled(n, n, (i, j) => (0.5 * a[i + (j * n)]) + (0.5 * a[j + (i * n)]));

    public static double[] Filled(int m, int n, Func<int, int, double> entry)
    {
        var a = new double[m * n];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++)
            {
                a[i + (j * m)] = entry(i, j);
            }
        }

        return a;
    }
}
