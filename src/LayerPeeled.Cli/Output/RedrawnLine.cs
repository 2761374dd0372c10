namespace LayerPeeled.Cli.Output;

/// <summary>One line on standard error that is redrawn a few times a second and cleared at the end; silent where nobody watches.</summary>
internal sealed class RedrawnLine(Terminal terminal, TimeProvider clock) : IDisposable
{
    // Between the fields of a line; those that a narrow terminal has no room for are left out.
    private const string FieldGap = "  ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly long start = clock.GetTimestamp();
    private TimeSpan next = Patience;
    private int shown;

    /// <summary>Draws the line if it is time to.</summary>
    /// <param name="text">Its text, given the time since the start.</param>
    public void Update(Func<TimeSpan, string> text)
    {
        TimeSpan elapsed = clock.GetElapsedTime(start);
        if (terminal.ErrorIsInteractive && elapsed >= next)
        {
            next = elapsed + Interval;
            Draw(Fitting(text(elapsed)));
        }
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (shown > 0)
        {
            Draw("");
            terminal.Error.Write('\r');
            terminal.Error.Flush();
        }
    }

    // A line that goes on in the next could not be redrawn. The last column stays free: some terminals move on once it is taken.
    private string Fitting(string text)
    {
        string[] fields = text.Split(FieldGap);
        int count = fields.Length;
        while (count > 1 && WordWrap.Width(string.Join(FieldGap, fields[..count])) >= terminal.ErrorWidth)
        {
            count--;
        }

        return string.Join(FieldGap, fields[..count]);
    }

    private void Draw(string text)
    {
        terminal.Error.Write('\r' + text.PadRight(shown));
        terminal.Error.Flush();
        shown = text.Length;
    }
}
