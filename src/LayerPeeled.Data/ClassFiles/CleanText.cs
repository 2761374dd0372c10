namespace LayerPeeled.Data.ClassFiles;

/// <summary>
/// The text of a table as a parser of separated values takes it: comments are empty lines, and columns that blanks divide are divided by tabs. Lines
/// keep their numbers.
/// </summary>
internal sealed class CleanText : TextReader
{
    private const int SampleLines = 200;
    private const int SampleCharacters = 1 << 20;

    private readonly LineReader lines;
    private readonly Queue<string> sample = new();
    private char[] line = new char[256];
    private int length, given;
    private bool begun;

    public CleanText(TextReader reader)
    {
        lines = new LineReader(reader);
        var data = new List<string>();
        for (int characters = 0; data.Count < SampleLines && characters < SampleCharacters && lines.TryRead(out ReadOnlySpan<char> next); characters += next.Length + 1)
        {
            sample.Enqueue(next.ToString());
            if (IsData(next))
            {
                data.Add(next.ToString());
            }
        }

        // What Excel takes for a statement of the separator.
        if (data is [{ Length: 5 } first, ..] && first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && IsSeparator(first[4]))
        {
            Layout = new(LineForm.Delimited, first[4]);
            Statement = first;
        }
        else
        {
            Layout = LineLayout.Of(data);
        }
    }

    public LineLayout Layout { get; }

    /// <summary>The last comment before the first line that is none, without its sign.</summary>
    public string? Heading { get; private set; }

    /// <summary>Comments behind the first line that is none.</summary>
    public int LateComments { get; private set; }

    private string? Statement { get; }

    public override int Read(Span<char> buffer)
    {
        int done = 0;
        while (done < buffer.Length && (given < length || Next()))
        {
            int n = Math.Min(buffer.Length - done, length - given);
            line.AsSpan(given, n).CopyTo(buffer[done..]);
            (given, done) = (given + n, done + n);
        }

        return done;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Peek() => given < length || Next() ? line[given] : -1;

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    private static bool IsSeparator(char c) => c is '\t' or ' ' || (char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) && c is not ('"' or '#'));

    private static bool IsData(ReadOnlySpan<char> text) => text.TrimStart() is [not '#', ..];

    private bool Next()
    {
        ReadOnlySpan<char> text;
        if (sample.TryDequeue(out string? first))
        {
            text = first;
        }
        else if (!lines.TryRead(out text))
        {
            return false;
        }

        if (!IsData(text) || (!begun && text.SequenceEqual(Statement)))
        {
            Comment(text.Trim());
            text = default;
        }
        else
        {
            begun = true;
        }

        if (line.Length <= text.Length)
        {
            line = new char[text.Length + 1];
        }

        length = Layout.Form == LineForm.Delimited ? Copy(text) : CopyWords(text.Trim());
        line[length++] = '\n';
        given = 0;
        return true;
    }

    private void Comment(ReadOnlySpan<char> text)
    {
        if (begun)
        {
            LateComments += text.IsEmpty ? 0 : 1;
        }
        else if (text is ['#', ..])
        {
            Heading = text.ToString();
        }
    }

    private int Copy(ReadOnlySpan<char> text)
    {
        text.CopyTo(line);
        return text.Length;
    }

    // Blanks that divide columns become one tab, others one space.
    private int CopyWords(ReadOnlySpan<char> text)
    {
        int n = 0, firstBlank = -1, lastBlank = -1;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]))
            {
                line[n++] = text[i];
            }
            else if (!char.IsWhiteSpace(text[i - 1]))
            {
                firstBlank = firstBlank < 0 ? n : firstBlank;
                lastBlank = n;
                line[n++] = Layout.Form == LineForm.Words ? '\t' : ' ';
            }
        }

        int divide = Layout.Form == LineForm.FirstWordAndRest ? firstBlank : lastBlank;
        if (divide >= 0)
        {
            line[divide] = '\t';
        }

        return n;
    }
}
