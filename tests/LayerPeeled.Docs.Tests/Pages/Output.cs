namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A block of output.</summary>
/// <param name="Text">Its content.</param>
/// <param name="FirstLine">The index of its first line in the page, from 0.</param>
/// <param name="LineCount">Number of its lines.</param>
public sealed record Output(string Text, int FirstLine, int LineCount);
