namespace LayerPeeled.Cli.Plotting;

/// <summary>One entry of a legend.</summary>
/// <param name="Name">In the markup of <see cref="MarkedText"/>.</param>
/// <param name="Draw">Draws its sample, given the left end and the middle height.</param>
internal sealed record LegendEntry(string Name, Action<SvgCanvas, double, double> Draw);
