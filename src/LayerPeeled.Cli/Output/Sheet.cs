using System.Globalization;
using Spectre.Console;

namespace LayerPeeled.Cli.Output;

/// <summary>Facts and tables for people, in plain text. No number is broken across lines, however narrow the terminal is.</summary>
internal sealed class Sheet(Terminal terminal)
{
    private const double SmallestNormal = 2.2250738585072014e-308;

    // Beyond, a logarithm in double precision has no digits left for a mantissa.
    private const double LargestExponent = 1e7;
    private const string Gap = "  ";
    private const string Continuation = "  ";

    // Blanks around a column, its share of the border included, and more than enough
    private const int MostAround = 5;

    // A column of values narrower than this is harder to read than none.
    private const int LeastValueWidth = 24;

    /// <summary>All digits.</summary>
    public static string Exact(double value) => Unsigned(value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Three digits and a power of ten, for gaps and residuals; a dash where there is no number.</summary>
    public static string Small(double value) => double.IsNaN(value) ? "–" : Unsigned(value).ToString("0.##e+0", CultureInfo.InvariantCulture);

    /// <summary>An estimated error.</summary>
    public static string Accuracy(double error) => $"accurate to about {error.ToString("0e+0", CultureInfo.InvariantCulture)}";

    /// <summary>All digits, or, where the number is too small for a double, nine from its logarithm: 8.7e-4826, or that: 10^-4.8e+149.</summary>
    public static string Exact(double value, double log10)
    {
        if (Math.Abs(value) >= SmallestNormal || !double.IsFinite(log10))
        {
            return Exact(value);
        }

        if (log10 < -LargestExponent)
        {
            return string.Create(CultureInfo.InvariantCulture, $"10^{log10:G9}");
        }

        double exponent = Math.Floor(log10), mantissa = Math.Round(Math.Pow(10, log10 - exponent), 8);
        (mantissa, exponent) = mantissa >= 10 ? (1, exponent + 1) : (mantissa, exponent);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa:0.########}e{exponent:0}");
    }

    /// <summary>Some six digits; a dash where there is no number.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        string format = value == 0 || size is >= 1e-3 and < 1e9 ? "0.######" : "0.####e+0";
        return double.IsNaN(value) ? "–" : Unsigned(value).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The number, or 0 where it is the negative zero of floating-point arithmetic, which nobody should have to read.</summary>
    public static double Unsigned(double value) => value == 0 ? 0 : value;

    /// <summary>A line of text; several, where the terminal is narrower.</summary>
    public void Line(string text = "") => Lines(text, Continuation);

    /// <summary>One fact a line, the values below each other where there is room for that.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        (string Name, string Value)[] all = facts.ToArray();
        int longest = all.Max(fact => WordWrap.Width(fact.Name));
        bool aligned = terminal.Width is not { } width || width - longest - Gap.Length >= LeastValueWidth;
        foreach ((string name, string value) in all)
        {
            string blanks = aligned ? new string(' ', longest - WordWrap.Width(name)) : "";
            Lines(name + blanks + Gap + value, aligned ? new string(' ', longest) + Gap : Continuation);
        }
    }

    /// <summary>A table; columns whose heading begins with a minus sign are texts, and left-aligned.</summary>
    /// <param name="headings">The headings.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="names">How many columns name the rows; they are repeated where the terminal is too narrow for all columns side by side.</param>
    public void Table(IEnumerable<string> headings, IEnumerable<string[]> rows, int names = 1)
    {
        string[][] cells = rows.ToArray();
        SheetColumn[] columns = headings.Select((heading, i) =>
            new SheetColumn(heading.TrimStart('-'), heading.StartsWith('-'), [.. cells.Select(row => row[i])])).ToArray();
        bool isFirst = true;
        foreach (TableLayout part in TableLayout.Parts(columns, Math.Min(names, columns.Length - 1), terminal.Width))
        {
            if (!isFirst)
            {
                Line();
            }

            isFirst = false;
            Write(part, cells.Length);
        }
    }

    private void Lines(string text, string indent)
    {
        foreach (string line in WordWrap.Lines(text, terminal.Width, indent))
        {
            terminal.Output.WriteLine(line);
        }
    }

    private void Write(TableLayout part, int rowCount)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach ((SheetColumn column, int width) in part.Columns.Zip(part.Widths))
        {
            table.AddColumn(new TableColumn(new Text(string.Join('\n', WordWrap.Heading(column.Heading, width))))
            {
                Alignment = column.IsText ? Justify.Left : Justify.Right,
                NoWrap = true,
                Padding = new Padding(1, 0, part.Padding, 0),
                Width = width,
            });
        }

        for (int row = 0; row < rowCount; row++)
        {
            table.AddRow(part.Columns.Zip(part.Widths, (column, width) => new Text(string.Join('\n', WordWrap.Lines(column.Cells[row], width)))));
        }

        // Laid out on its own, so that lines end where their text does.
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = part.Widths.Sum(width => width + MostAround);
        console.Profile.Capabilities.Unicode = terminal.IsUnicode;
        console.Write(table);
        foreach (string line in text.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => line.Trim().Length > 0))
        {
            terminal.Output.WriteLine((part.IsTight ? line[1..^1] : line).TrimEnd());
        }
    }
}
