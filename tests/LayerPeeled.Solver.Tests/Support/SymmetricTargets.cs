using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs.Orbits;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Targets that permutations leave as they are, with what generates their group.</summary>
internal sealed record SymmetricTargets(string Name, SoftTargets Targets, IReadOnlyList<TargetPermutation> Generators)
{
    public TargetSymmetry Symmetry => TargetSymmetry.Generated(Generators);

    public override string ToString() => Name;

    /// <summary>Random targets, and weights of the contexts, of a group: one number for each orbit.</summary>
    public static SymmetricTargets Random(string name, IReadOnlyList<TargetPermutation> generators, int seed, double zeros = 0.2)
    {
        int v = generators[0].Tokens.Length, m = generators[0].Contexts.Length;
        SoftTargets equal = Of(Matrix<double>.Build.Dense(v, m, 1.0), null);
        PairColouring orbits = PairColouring.OfOrbits(equal, generators);
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, orbits.Count).Select(_ => random.NextDouble() < zeros ? 0 : Math.Exp(2 * RandomPoints.Normal(random)))];
        double[] weights = [.. Enumerable.Range(0, orbits.ContextClasses).Select(_ => 0.2 + random.NextDouble())];
        values[0] = 1;
        Matrix<double> table = Matrix<double>.Build.Dense(v, m, (j, c) => values[orbits.Colours[j + (c * v)]] + 0.01);
        return new SymmetricTargets(name, Of(table, orbits.ContextClass.Select(c => weights[c])), generators);
    }

    public static SoftTargets Of(Matrix<double> table, IEnumerable<double>? weights) => SoftTargets.From(SparseColumns.FromDense(table), weights);

    /// <summary>Shifts and reflections of n places.</summary>
    public static IReadOnlyList<TargetPermutation> Dihedral(int n)
    {
        IEnumerable<int> mirrored = Enumerable.Range(0, n).Select(j => (n - j) % n);
        return [TargetPermutation.Step(n), new TargetPermutation(mirrored, mirrored)];
    }

    /// <summary>Multiplication from the left in the group of quaternions ±1, ±i, ±j, ±k, whose irreducible part of four dimensions is one over the quaternions.</summary>
    public static IReadOnlyList<TargetPermutation> Quaternions()
    {
        // x = sign + 2·unit; products of the units
        int[,] unit = { { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 2, 3, 0, 1 }, { 3, 2, 1, 0 } }, sign = { { 0, 0, 0, 0 }, { 0, 1, 0, 1 }, { 0, 1, 1, 0 }, { 0, 0, 1, 1 } };
        return [By(2), By(4)];

        TargetPermutation By(int left)
        {
            int[] images = [.. Enumerable.Range(0, 8).Select(x => ((left + x + sign[left / 2, x / 2]) % 2) + (2 * unit[left / 2, x / 2]))];
            return new TargetPermutation(images, images);
        }
    }

    /// <summary>All permutations of tokens, on their pairs as contexts.</summary>
    public static IReadOnlyList<TargetPermutation> OnPairs(int tokens)
    {
        (int, int)[] pairs = [.. from i in Enumerable.Range(0, tokens) from j in Enumerable.Range(i + 1, tokens - i - 1) select (i, j)];
        int[] step = [.. Enumerable.Range(0, tokens).Select(j => (j + 1) % tokens)], swap = [1, 0, .. Enumerable.Range(2, tokens - 2)];
        return [Induced(step), Induced(swap)];

        TargetPermutation Induced(int[] images) => new(
            images, pairs.Select(pair => Array.IndexOf(pairs, (Math.Min(images[pair.Item1], images[pair.Item2]), Math.Max(images[pair.Item1], images[pair.Item2])))));
    }

    /// <summary>A random permutation with cycles of given lengths, in tokens and in contexts.</summary>
    public static TargetPermutation Cycles(int[] tokens, int[] contexts, int seed)
    {
        var random = new Random(seed);
        return TargetPermutation.OfCycles(tokens.Sum(), Cut(tokens), contexts.Sum(), Cut(contexts));

        IEnumerable<IReadOnlyList<int>> Cut(int[] lengths)
        {
            int[] order = [.. Enumerable.Range(0, lengths.Sum())];
            random.Shuffle(order);
            for (int i = 0, start = 0; i < lengths.Length; start += lengths[i++])
            {
                yield return order[start..(start + lengths[i])];
            }
        }
    }

    /// <summary>The cells of a Latin square that is no group table: two are alike if they share row, column or symbol.</summary>
    public static SoftTargets LatinSquare()
    {
        // The cyclic square of order 6 with one of its 2×2 subsquares turned: what its graph's regularity knows of it is as before.
        int[,] square = new int[6, 6];
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                square[i, j] = (i + j) % 6;
            }
        }

        (square[0, 0], square[3, 0], square[0, 3], square[3, 3]) = (3, 0, 0, 3);
        return Of(Matrix<double>.Build.Dense(36, 36, (x, y) => x == y ? 12 : x / 6 == y / 6 || x % 6 == y % 6 || square[x / 6, x % 6] == square[y / 6, y % 6] ? 3 : 1), null);
    }
}
