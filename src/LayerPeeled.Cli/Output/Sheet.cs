using System.Globalization;
using Spectre.Console;

namespace LayerPeeled.Cli.Output;

/// <summary>Facts and tables for people, in plain text.</summary>
internal sealed class Sheet(Terminal terminal)
{
    /// <summary>All digits; zero without a sign.</summary>
    public static string Exact(double value) => Unsigned(value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The number, with −0 as 0.</summary>
    public static double Unsigned(double value) => value + 0.0;

    /// <summary>Some six digits; a dash where there is no number.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        string format = value == 0 || size is >= 1e-3 and < 1e9 ? "0.######" : "0.####e+0";
        return double.IsNaN(value) ? "–" : Unsigned(value).ToString(format, CultureInfo.InvariantCulture);
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
