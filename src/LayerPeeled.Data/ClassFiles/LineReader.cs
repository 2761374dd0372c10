using System.Buffers;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>Lines of text of bounded length, numbered from 1. They end with a line feed, a carriage return, or both.</summary>
internal sealed class LineReader(TextReader reader)
{
    private const int Longest = 1 << 20;
    private static readonly SearchValues<char> Ends = SearchValues.Create("\n\r\0");

    private char[] buffer = new char[1 << 15];
    private int start, end;
    private bool skipLineFeed;

    /// <summary>Number of the line that was read last.</summary>
    public int Number { get; private set; }

    /// <summary>Reads the next line, which is valid until the one after it is read.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ClassCountFormatException">The line is no text, or is too long.</exception>
    public bool TryRead(out ReadOnlySpan<char> line)
    {
        for (int searched = 0; ;)
        {
            if (skipLineFeed && start < end)
            {
                start += buffer[start] == '\n' ? 1 : 0;
                skipLineFeed = false;
            }

            int at = buffer.AsSpan(start + searched, end - start - searched).IndexOfAny(Ends);
            if (at >= 0)
            {
                Number++;
                line = buffer.AsSpan(start, searched + at);
                char last = buffer[start + line.Length];
                start += line.Length + 1;
                skipLineFeed = last == '\r';
                return last != '\0' ? true : throw new ClassCountFormatException(Number, "There is a zero byte in it: this is no text in UTF-8.");
            }

            searched = end - start;
            if (searched > Longest)
            {
                throw new ClassCountFormatException(Number + 1, $"{Shown.Quote(buffer.AsSpan(start, 80))} goes on for more than {Longest} characters.");
            }

            if (!Fill())
            {
                line = buffer.AsSpan(start, end - start);
                start = end;
                Number += line.IsEmpty ? 0 : 1;
                return !line.IsEmpty;
            }
        }
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        int n = reader.Read(buffer, end, buffer.Length - end);
        end += n;
        return n > 0;
    }
}
