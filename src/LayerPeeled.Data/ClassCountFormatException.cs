namespace LayerPeeled.Data;

/// <summary>Class counts that cannot be read; the message gives the line, its content and what is expected.</summary>
public sealed class ClassCountFormatException : FormatException
{
    /// <summary>An error in one line.</summary>
    /// <param name="lineNumber">Number of the line, from 1; null where the whole text is at fault.</param>
    /// <param name="message">What is wrong, without the line number.</param>
    public ClassCountFormatException(int? lineNumber, string message)
        : base(lineNumber is null ? message : $"line {lineNumber}: {message}") => LineNumber = lineNumber;

    /// <summary>Number of the line, from 1; null where the whole text is at fault.</summary>
    public int? LineNumber { get; }
}
