using System.Globalization;
using Spectre.Console;

namespace LayerPeeled.Cli.Output;

/// <summary>Facts and tables for people, in plain text.</summary>
internal sealed class Sheet(Terminal terminal)
{
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>All digits.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>All digits, or, where the number is too small for a double, nine from its logarithm: 8.7e-4826.</summary>
    public static string Exact(double value, double log10)
    {
        if (Math.Abs(value) >= SmallestNormal || !double.IsFinite(log10))
        {
            return Exact(value);
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
        return double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
    }

    public void Line(string text = "") => terminal.Output.WriteLine(text);

    /// <summary>One fact a line, the values below each other.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        (string Name, string Value)[] all = facts.ToArray();
        int width = all.Max(fact => fact.Name.Length);
        foreach ((string name, string value) in all)
        {
            Line($"{name.PadRight(width)}  {value}");
        }
    }

    /// <summary>A table; columns whose heading begins with a minus sign are left-aligned.</summary>
    public void Table(IEnumerable<string> headings, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in headings)
        {
            bool left = heading.StartsWith('-');
            var column = new TableColumn(new Text(left ? heading[1..] : heading)) { Alignment = left ? Justify.Left : Justify.Right, NoWrap = true };
            table.AddColumn(column);
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
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
        console.Profile.Width = Math.Max(terminal.Width, 40);
        console.Profile.Capabilities.Unicode = terminal.IsUnicode;
        console.Write(table);
        foreach (string line in text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            Line(line);
        }
    }
}
