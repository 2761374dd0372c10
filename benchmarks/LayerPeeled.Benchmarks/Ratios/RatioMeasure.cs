namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>One figure and how to get it. <paramref name="Slow"/> ones run only when asked for.</summary>
internal sealed record RatioMeasure(string Name, bool Slow, Func<RatioRow> Run)
{
    /// <summary>Whether a name means this figure: its own, with or without the unit.</summary>
    public bool Is(string name) => name == Name || name == Name[..Name.LastIndexOf('_')];
}
