namespace LayerPeeled.Cli.Plotting;

/// <summary>A piece of a text with one and the same mark.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Mark"><c>_</c> for a subscript, <c>^</c> for a superscript, <c>*</c> for italics, a space for none.</param>
internal readonly record struct MarkedPiece(string Text, char Mark);
