using System.Text;
using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Target distributions, co-occurrence counts, their weights or their names that cannot be read; the message gives the line or the array, its content and what is
/// expected.
/// </summary>
public sealed class TargetFormatException : FormatException
{
    /// <summary>An error.</summary>
    /// <param name="message">What is wrong, without the line and the array.</param>
    /// <param name="lineNumber">Number of the line, from 1; null where no line is at fault.</param>
    /// <param name="array">Name of the array of an archive; null where none is at fault.</param>
    /// <param name="innerException">The cause, if it is another error.</param>
    public TargetFormatException(string message, int? lineNumber = null, string? array = null, Exception? innerException = null)
        : base((lineNumber is null ? "" : $"line {lineNumber}: ") + (array is null ? "" : $"array '{array}': ") + message, innerException) =>
        (LineNumber, Array) = (lineNumber, array);

    private TargetFormatException(Exception cause, int? lineNumber)
        : base(cause.Message, cause) => LineNumber = lineNumber;

    /// <summary>Number of the line, from 1; null where no line is at fault.</summary>
    public int? LineNumber { get; }

    /// <summary>Name of the array of an archive; null where none is at fault, or the cause names it.</summary>
    public string? Array { get; }

    /// <summary>Does what reads, and makes every fault of what is read one of these.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (NpyFormatException error)
        {
            throw new TargetFormatException(error, null);
        }
        catch (ClassCountFormatException error)
        {
            throw new TargetFormatException(error, error.LineNumber);
        }
        catch (DecoderFallbackException error)
        {
            throw new TargetFormatException("The text is not UTF-8.", innerException: error);
        }
        catch (InvalidDataException error)
        {
            throw new TargetFormatException("The compressed data are damaged.", innerException: error);
        }
    }

    /// <summary>Makes a matrix of entries that were read; what it refuses, the file has.</summary>
    internal static T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException error)
        {
            throw new TargetFormatException(Shown.Argument(error), innerException: error);
        }
    }
}
