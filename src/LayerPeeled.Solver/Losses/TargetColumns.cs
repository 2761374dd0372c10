using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// Target distributions in compressed columns, with bounds of their entropies. Rows ascend within a column and targets are positive; those of a column are within a few units of
/// rounding of numbers that sum to 1 exactly, which the model is about. Immutable.
/// </summary>
internal sealed class TargetColumns
{
    private readonly int[] starts;
    private readonly int[] rows;
    private readonly double[] values;
    private readonly double[] entropies;

    /// <param name="tokens">V.</param>
    /// <param name="starts">Where each column begins, and the number of entries; kept, not copied, as are the other two.</param>
    /// <param name="rows">The token of each entry.</param>
    /// <param name="values">The target of each entry.</param>
    public TargetColumns(int tokens, int[] starts, int[] rows, double[] values)
    {
        (Tokens, this.starts, this.rows, this.values) = (tokens, starts, rows, values);
        entropies = new double[starts.Length - 1];
        for (int c = 0; c < entropies.Length; c++)
        {
            CompensatedSum sum = default;
            foreach (double t in Targets(c))
            {
                sum.Add(-t * ProvenFunctions.Log(t));
            }

            entropies[c] = Math.Max(0, sum.Value);
        }
    }

    /// <summary>What a target is off by at most, relatively, in units of rounding: as a quotient of a count by the sum of a column.</summary>
    public const int TargetError = 4;

    /// <summary>V, the number of tokens.</summary>
    public int Tokens { get; }

    /// <summary>The tokens with a positive target in a column, none beyond the last column.</summary>
    public ReadOnlySpan<int> Rows(int column) => column < entropies.Length ? rows.AsSpan(starts[column]..starts[column + 1]) : [];

    /// <summary>Their targets.</summary>
    public ReadOnlySpan<double> Targets(int column) => column < entropies.Length ? values.AsSpan(starts[column]..starts[column + 1]) : [];

    /// <summary>The token with the largest target; 0 beyond the last column.</summary>
    public int LikeliestRow(int column) => column < entropies.Length ? Rows(column)[TensorPrimitives.IndexOfMax(Targets(column))] : 0;

    /// <summary>H(t), to rounding.</summary>
    public double Entropy(int column) => column < entropies.Length ? entropies[column] : 0;

    /// <summary>A number that |H(t) − <see cref="Entropy"/>| does not exceed in exact arithmetic.</summary>
    public double EntropyError(int column)
    {
        // Each term −t·log t is off by the logarithm, the product, and (|log t| + 1) times what t is off by.
        CompensatedSum sum = default;
        foreach (double t in Targets(column))
        {
            sum.Add(t * (((ProvenFunctions.LogError + 2 + TargetError) * Math.Abs(Math.Log(t))) + (2 * TargetError)));
        }

        return Rounding.Up(Rounding.Unit * (sum.Value + (Rounding.SumError * Entropy(column))), Rounding.SumError + 8);
    }
}
