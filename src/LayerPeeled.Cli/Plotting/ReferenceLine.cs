namespace LayerPeeled.Cli.Plotting;

/// <summary>A straight line across a panel, named in the legend.</summary>
/// <param name="Name">What the legend calls it, in the markup of <see cref="MarkedText"/>.</param>
/// <param name="Coordinate">Where it meets its axis.</param>
/// <param name="IsVertical">Whether it stands at a coordinate of the horizontal axis.</param>
internal sealed record ReferenceLine(string Name, double Coordinate, bool IsVertical);
