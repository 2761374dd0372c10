namespace LayerPeeled.Data;

/// <summary>A saved solution that cannot be read; the message names the field, its content and what is expected.</summary>
public sealed class SolutionFormatException : FormatException
{
    /// <summary>An error in a saved solution.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause, if any.</param>
    public SolutionFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
