namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>One headline figure: the median of several runs, and what it is held against.</summary>
internal sealed record RatioRow
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    public required double Min { get; init; }

    public required double Max { get; init; }

    public required int Repeats { get; init; }

    /// <summary>Largest relative duality gap reached; null where nothing is solved.</summary>
    public double? Gap { get; init; }

    /// <summary>A value that must not be exceeded, and one that is aimed at.</summary>
    public required double Must { get; init; }

    public required double Aim { get; init; }

    /// <summary>The linear algebra that the figure was measured on.</summary>
    public required string Provider { get; init; }

    /// <summary>What else was measured: sizes, times, which product.</summary>
    public string Note { get; init; } = "";

    public static RatioRow Of(string name, string unit, double[] values, double unitSize, double must, double aim, double? gap, string provider, string note) => new()
    {
        Name = name,
        Unit = unit,
        Value = Sample.Median(values) / unitSize,
        Min = values.Min() / unitSize,
        Max = values.Max() / unitSize,
        Repeats = values.Length,
        Gap = gap,
        Must = must,
        Aim = aim,
        Provider = provider,
        Note = note,
    };
}
