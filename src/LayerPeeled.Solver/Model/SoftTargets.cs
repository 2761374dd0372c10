using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Model;

/// <summary>
/// Target distributions t_c over V tokens for m contexts, with the weight ω_c of each context, Σ_c ω_c = 1: what a language model is trained on (Du, He, Su 2026), and
/// with tokens for classes label smoothing, mixup and sets of labels. Immutable and thread-safe.
/// </summary>
public sealed partial class SoftTargets
{
    // Columns whose sums are this close to 1 are distributions, and not counts.
    private const double SumTolerance = 1e-9;
    private readonly double[] weights;
    private readonly double[] occurrences;
    private readonly double[] entropies;
    private readonly int[] keptContexts;

    private SoftTargets(SparseColumns distributions, double[] occurrences, double total, int[] kept, int given, bool areCounts)
    {
        (Distributions, this.occurrences, keptContexts, GivenContexts, AreCounts) = (distributions, occurrences, kept, given, areCounts);
        weights = Array.ConvertAll(occurrences, occurrence => occurrence / total);
        Columns = new TargetColumns(
            distributions.RowCount, distributions.ColumnStarts.ToArray(), distributions.Rows.ToArray(), distributions.Values.ToArray());
        entropies = [.. Enumerable.Range(0, Contexts).Select(Columns.Entropy)];
        EntropyFloor = TensorPrimitives.Dot<double>(weights, entropies);
    }

    /// <summary>T, V×m: column c is t_c, and sums to 1 to rounding.</summary>
    public SparseColumns Distributions { get; }

    /// <summary>V, the number of tokens.</summary>
    public int Tokens => Distributions.RowCount;

    /// <summary>m, the number of contexts, those that never occur left out.</summary>
    public int Contexts => Distributions.ColumnCount;

    /// <summary>How many contexts there were, those that never occur included.</summary>
    public int GivenContexts { get; }

    /// <summary>Which of the given contexts the columns are, ascending: length m.</summary>
    public ReadOnlySpan<int> KeptContexts => keptContexts;

    /// <summary>ω_c, length m: positive, and 1 in sum.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>H(t_c) = −Σ_j t_jc·log t_jc, length m.</summary>
    public ReadOnlySpan<double> Entropies => entropies;

    /// <summary>Σ_c ω_c·H(t_c), below which no average loss can be.</summary>
    public double EntropyFloor { get; }

    /// <summary>Whether what was given were counts, columns that do not sum to 1.</summary>
    public bool AreCounts { get; }

    internal TargetColumns Columns { get; }

    /// <summary>What the weights are proportional to, as it was given.</summary>
    internal ReadOnlySpan<double> Occurrences => occurrences;

    /// <summary>
    /// Targets from a table of tokens × contexts. Columns that all sum to 1 are distributions; otherwise they are counts, and each is divided by its sum. A column of zeros, and one
    /// whose weight is 0, is a context that never occurs: it is left out.
    /// </summary>
    /// <param name="table">Rows are tokens, at least two, and columns contexts.</param>
    /// <param name="contextWeights">A weight for each context of the table, finite and not negative, divided by their sum. Null: the sums of the columns of counts, equal weights for distributions.</param>
    /// <exception cref="ArgumentException">There are fewer than two tokens, no context is left, or the weights do not fit.</exception>
    public static SoftTargets From(SparseColumns table, IEnumerable<double>? contextWeights = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.RowCount < 2)
        {
            throw new ArgumentException($"There must be at least 2 tokens, got {table.RowCount}.", nameof(table));
        }

        double[] sums = table.ColumnSums();
        bool areCounts = Array.Exists(sums, sum => sum != 0 && !(Math.Abs(sum - 1) <= SumTolerance));
        double[] given = contextWeights?.ToArray() ?? (areCounts ? sums : Array.ConvertAll(sums, _ => 1.0));
        if (given.Length != table.ColumnCount)
        {
            throw new ArgumentException($"There must be one weight for each of the {table.ColumnCount} contexts, got {given.Length}.", nameof(contextWeights));
        }

        for (int c = 0; c < given.Length; c++)
        {
            ModelValidation.NonNegative(given[c], nameof(contextWeights), "weight of context", c);
        }

        int[] kept = [.. Enumerable.Range(0, given.Length).Where(c => sums[c] > 0 && given[c] > 0)];
        double[] occurrences = Array.ConvertAll(kept, c => given[c]);
        double total = kept.Length == 0 ? 0 : Total(occurrences);
        if (!(total > 0) || !double.IsFinite(total))
        {
            throw new ArgumentException(
                kept.Length == 0 ? "No context occurs: every column is zero, or has the weight 0." : $"The weights of the contexts must have a finite sum, got {total}.", nameof(table));
        }

        return new SoftTargets(Normalised(table, kept, sums), occurrences, total, kept, table.ColumnCount, areCounts);
    }

    private static double Total(double[] values)
    {
        CompensatedSum sum = default;
        foreach (double value in values)
        {
            sum.Add(value);
        }

        return sum.Value;
    }

    private static SparseColumns Normalised(SparseColumns table, int[] kept, double[] sums)
    {
        var starts = new int[kept.Length + 1];
        for (int i = 0; i < kept.Length; i++)
        {
            starts[i + 1] = starts[i] + table.RowsOf(kept[i]).Length;
        }

        int[] rows = new int[starts[^1]];
        double[] values = new double[rows.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            table.RowsOf(kept[i]).CopyTo(rows.AsSpan(starts[i]));
            TensorPrimitives.Divide(table.ValuesOf(kept[i]), sums[kept[i]], values.AsSpan(starts[i]..starts[i + 1]));
        }

        return SparseColumns.FromCompressedColumns(table.RowCount, kept.Length, starts, rows, values);
    }
}
