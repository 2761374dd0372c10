namespace LayerPeeled.Cli.Plotting;

/// <summary>Which part of a text is at its coordinates.</summary>
internal enum TextAnchor
{
    Start,
    Middle,
    End,
}
