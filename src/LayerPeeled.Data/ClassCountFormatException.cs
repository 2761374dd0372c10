namespace LayerPeeled.Data;

/// <summary>Class counts that cannot be read; the message gives the line, its content and what is expected.</summary>
public sealed class ClassCountFormatException : FormatException
{
    /// <summary>An error in one line.</summary>
    /// <param name="lineNumber">Number of the line, from 1; null where the whole text is at fault.</param>
    /// <param name="message">What is wrong, without the line number.</param>
    /// <param name="remedy">What else may help.</param>
    /// <param name="innerException">The cause, if it is another error.</param>
    public ClassCountFormatException(int? lineNumber, string message, ClassCountRemedy remedy = ClassCountRemedy.None, Exception? innerException = null)
        : base(lineNumber is null ? message : $"line {lineNumber}: {message}", innerException) => (LineNumber, Remedy) = (lineNumber, remedy);

    /// <summary>Number of the line, from 1; null where the whole text is at fault.</summary>
    public int? LineNumber { get; }

    /// <summary>What else may help.</summary>
    public ClassCountRemedy Remedy { get; }
}
