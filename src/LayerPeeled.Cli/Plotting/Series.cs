namespace LayerPeeled.Cli.Plotting;

/// <summary>A curve.</summary>
/// <param name="Name">What the legend calls it, in the markup of <see cref="MarkedText"/>.</param>
/// <param name="Points">Axis coordinates from left to right; a NaN interrupts the curve.</param>
/// <param name="IsPointwise">Whether every point is a finding of its own and has a marker, rather than a sample of a curve.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsPointwise = false);
