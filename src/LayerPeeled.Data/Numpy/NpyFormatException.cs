namespace LayerPeeled.Data.Numpy;

/// <summary>A NumPy file that cannot be read: damaged, truncated, of an unsupported kind, or of another shape than asked for. The message names the array.</summary>
public sealed class NpyFormatException : FormatException
{
    /// <summary>An error.</summary>
    /// <param name="array">Name of the array or file, as in the message.</param>
    /// <param name="message">What is wrong, and what is expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public NpyFormatException(string array, string message, Exception? innerException = null)
        : base($"{array}: {message}", innerException) => Array = array;

    /// <summary>Name of the array or file.</summary>
    public string Array { get; }
}
