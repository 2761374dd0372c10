using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Checks of blocks of rows; the message names the row and column in the whole data.</summary>
internal static class RowChecks
{
    // Metrics hold fourth powers, and sums of them.
    private const double Largest = 1e70;

    public static string Range { get; } = $"finite, and at most {Largest} in size";

    public static bool IsInRange(double value) => Math.Abs(value) <= Largest;

    public static void Require(ReadOnlySpan<double> rows, int count, int dimension, long before)
    {
        RequireLength(rows.Length, count, dimension, nameof(rows));
        if (rows.Length > 0 && !IsInRange(TensorPrimitives.MaxMagnitude(rows)))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                RequireInRange(rows[i], i, dimension, before, nameof(rows));
            }
        }
    }

    public static void Require(ReadOnlySpan<float> rows, int count, int dimension, long before)
    {
        RequireLength(rows.Length, count, dimension, nameof(rows));
        if (!TensorPrimitives.IsFiniteAll(rows))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                RequireInRange(rows[i], i, dimension, before, nameof(rows));
            }
        }
    }

    private static void RequireLength(int length, int count, int dimension, string name)
    {
        if (length != (long)count * dimension)
        {
            throw new ArgumentException($"{count} labels need {count}×{dimension} = {(long)count * dimension} feature numbers, got {length}.", name);
        }
    }

    private static void RequireInRange(double value, int index, int dimension, long before, string name)
    {
        if (!IsInRange(value))
        {
            throw new ArgumentException(
                $"The feature in row {before + (index / dimension)}, column {index % dimension} is {value}; features must be {Range}.", name);
        }
    }
}
