namespace LayerPeeled.Cli.Plotting;

/// <summary>A panel of curves.</summary>
/// <param name="Title">Above it, in the markup of <see cref="MarkedText"/>.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Series">The curves, at most <see cref="SeriesStyle.Count"/> of them.</param>
/// <param name="References">Straight lines across the panel.</param>
internal sealed record LinePanel(string Title, Axis X, Axis Y, IReadOnlyList<Series> Series, IReadOnlyList<ReferenceLine> References);
