using System.Collections;

namespace LayerPeeled.Data;

/// <summary>Class counts (or loss weights) of a file in the order of the classes, their names, and what was decided in reading them.</summary>
public sealed class ClassCounts : IReadOnlyList<double>
{
    private readonly double[] counts;

    internal ClassCounts(double[] counts, IReadOnlyList<string>? names, string? column, IReadOnlyList<string> notes)
    {
        this.counts = counts;
        // Names that say no more than the position are none.
        Names = names is null || ClassFiles.ClassNumbering.IsPosition(names) ? null : names;
        Column = column;
        Notes = names?.Any(name => name.Contains('\uFFFD')) == true ? [.. notes, "The text is not UTF-8: characters of the names are lost."] : notes;
    }

    /// <summary>Number of classes K, at least 1.</summary>
    public int Count => counts.Length;

    /// <summary>Names of the classes; null where the file has none, or has only their positions 0, …, K − 1.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>Where in the file the numbers stand, for people: <c>column 'count'</c>, <c>array 'labels'</c>; null where there is but one place.</summary>
    public string? Column { get; }

    /// <summary>What was assumed in reading the file, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Σ_k n_k.</summary>
    public double Total => counts.Sum();

    /// <summary>n_k.</summary>
    /// <param name="index">The class k, from 0.</param>
    public double this[int index] => counts[index];

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)counts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => counts.GetEnumerator();
}
