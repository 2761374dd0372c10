namespace LayerPeeled.Cli.Plotting;

/// <summary>A mark on an axis.</summary>
/// <param name="Coordinate">Where.</param>
/// <param name="Label">What it says, in the markup of <see cref="MarkedText"/>; null for a mark without a label.</param>
internal readonly record struct Tick(double Coordinate, string? Label);
