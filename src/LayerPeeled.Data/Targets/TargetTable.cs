using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>What a file of target distributions or of co-occurrence counts holds: a row a token, a column a context. Immutable.</summary>
public sealed class TargetTable
{
    /// <summary>A table.</summary>
    /// <param name="values">V×m: probabilities, or counts that are proportional to them within each column.</param>
    /// <param name="tokens">Names of the V tokens, if they have some.</param>
    /// <param name="contexts">Names of the m contexts, if they have some.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than tokens or contexts.</exception>
    public TargetTable(SparseColumns values, IReadOnlyList<string>? tokens = null, IReadOnlyList<string>? contexts = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require(tokens, values.RowCount, "tokens", nameof(tokens));
        Require(contexts, values.ColumnCount, "contexts", nameof(contexts));
        Values = values;
        Tokens = tokens is null ? null : [.. tokens];
        Contexts = contexts is null ? null : [.. contexts];
    }

    /// <summary>V×m: probabilities, or counts that are proportional to them within each column.</summary>
    public SparseColumns Values { get; }

    /// <summary>Names of the V tokens; null where there are none.</summary>
    public IReadOnlyList<string>? Tokens { get; }

    /// <summary>Names of the m contexts; null where there are none.</summary>
    public IReadOnlyList<string>? Contexts { get; }

    private static void Require(IReadOnlyList<string>? names, int count, string what, string argument)
    {
        if (names is not null && names.Count != count)
        {
            throw new ArgumentException($"There are {count} {what}, got {names.Count} names.", argument);
        }
    }
}
