namespace LayerPeeled.Cli.Plotting;

/// <summary>How the numbers of an axis are spaced.</summary>
internal enum AxisScale
{
    /// <summary>Evenly; coordinates are the values.</summary>
    Linear,

    /// <summary>By factors; coordinates are the base-10 logarithms of the values, which may then exceed the range of a double.</summary>
    Logarithmic,

    /// <summary>Whole numbers only, one cell each.</summary>
    Whole,
}
