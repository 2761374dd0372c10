using FsCheck;
using FsCheck.Fluent;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>Random soft targets: counts of tokens (rows) in contexts (columns), many of them zero or none, weights and budgets.</summary>
internal sealed record RandomTargets(double[,] Counts, double[] Weights, double Classifier, double Feature, int Seed)
{
    private const int Most = 6;

    /// <summary>What they are drawn from.</summary>
    public static Gen<RandomTargets> All { get; } =
        from tokens in Gen.Choose(2, Most)
        from contexts in Gen.Choose(1, Most)
        from zeros in Gen.Elements(0.0, 0.3, 0.7)
        from entries in (from present in Draw.Unit from count in Draw.Power(0, 3) select present < zeros ? 0 : Math.Round(count)).ArrayOf(tokens * contexts)
        from weights in Draw.Power(-3, 1).ArrayOf(contexts)
        from classifier in Draw.Power(-3, 1.5)
        from feature in Draw.Power(-3, 1.5)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new RandomTargets(Table(tokens, contexts, entries), weights, classifier, feature, seed);

    public int Tokens => Counts.GetLength(0);

    public int Contexts => Counts.GetLength(1);

    public SoftTargets Targets => SoftTargets.From(SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(Counts)), Weights);

    public SoftTargetModel Model => new(Targets, Classifier, Feature);

    /// <summary>The same with its tokens and contexts in another order.</summary>
    public RandomTargets InOrder(int[] tokens, int[] contexts) => this with
    {
        Counts = Table(Tokens, Contexts, [.. from c in contexts from t in tokens select Counts[t, c]]),
        Weights = Array.ConvertAll(contexts, c => Weights[c]),
    };

    public override string ToString() => FormattableString.Invariant(
        $"{string.Join("; ", Enumerable.Range(0, Tokens).Select(t => string.Join(" ", Enumerable.Range(0, Contexts).Select(c => Counts[t, c]))))}, weights {string.Join(" ", Weights)}, E_W = {Classifier:R}, E_H = {Feature:R}, seed {Seed}");

    // Column by column; every context has a token.
    private static double[,] Table(int tokens, int contexts, double[] entries)
    {
        var table = new double[tokens, contexts];
        for (int c = 0; c < contexts; c++)
        {
            for (int t = 0; t < tokens; t++)
            {
                table[t, c] = entries[t + (c * tokens)];
            }

            if (Enumerable.Range(0, tokens).All(t => table[t, c] == 0))
            {
                table[c % tokens, c] = 1;
            }
        }

        return table;
    }
}
