namespace LayerPeeled.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="IsText">Whether its cells are words: left-aligned, and broken at spaces where the terminal is narrow.</param>
/// <param name="Cells">Its cells, a row each.</param>
internal sealed record SheetColumn(string Heading, bool IsText, string[] Cells)
{
    /// <summary>Its width with nothing broken.</summary>
    public int Natural { get; } = Math.Max(WordWrap.Width(Heading), Cells.Select(WordWrap.Width).DefaultIfEmpty().Max());

    /// <summary>Its width with everything broken that may be.</summary>
    public int Least { get; } = Math.Max(
        WordWrap.LongestHeadingWord(Heading), Cells.Select(cell => IsText ? WordWrap.LongestWord(cell) : WordWrap.Width(cell)).DefaultIfEmpty().Max());
}
