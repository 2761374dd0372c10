using System.Globalization;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary><c>ratios [--only name,…] [--all] [--repeats N] [--counts FILE] [--json FILE] [--markdown]</c></summary>
internal static class RatioCommand
{
    private const string Usage =
        """
        ratios [--only name,…] [--all] [--repeats N] [--counts FILE] [--json FILE] [--markdown]

          --only name,…   these figures only
          --all           the large ones (million_seconds, vocabulary_seconds) too
          --repeats N     runs that the median is taken over; each figure has its own default
          --counts FILE   class counts of Places-LT, last column of a CSV file with a header
          --json FILE     writes the figures to a file
          --markdown      prints the table as it stands in docs/benchmarks.md
        """;

    public static int Run(string[] arguments)
    {
        string? json = null, counts = null;
        int? repeats = null;
        bool all = false, markdown = false;
        string[] only = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--all":
                    all = true;
                    break;
                case "--markdown":
                    markdown = true;
                    break;
                case "--json" when i + 1 < arguments.Length:
                    json = arguments[++i];
                    break;
                case "--counts" when i + 1 < arguments.Length:
                    counts = arguments[++i];
                    break;
                case "--only" when i + 1 < arguments.Length:
                    only = arguments[++i].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    break;
                case "--repeats" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out int n) && n >= 1:
                    repeats = n;
                    i++;
                    break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]}' is not understood.\n\n{Usage}");
                    return 2;
            }
        }

        var measures = new RatioMeasures(counts ?? Problems.FindPlacesCounts(), repeats);
        foreach (string name in only)
        {
            if (!measures.All.Any(m => m.Is(name)))
            {
                Console.Error.WriteLine($"There is no figure '{name}'; there are {string.Join(", ", measures.All.Select(m => m.Name))}.");
                return 2;
            }
        }

        var machine = MachineDescription.Current();
        Console.WriteLine(machine.Text);
        var rows = new List<RatioRow>();
        foreach (RatioMeasure measure in measures.All)
        {
            if (only.Length > 0 ? only.Any(measure.Is) : all || !measure.Slow)
            {
                Console.Error.Write($"{measure.Name} … ");
                rows.Add(measure.Run());
                Console.Error.WriteLine($"{rows[^1].Value:G3} {rows[^1].Unit}");
            }
        }

        Console.WriteLine(markdown ? RatioReport.Markdown(rows) : RatioReport.Table(rows));
        if (json is not null)
        {
            File.WriteAllText(json, RatioReport.Json(machine, rows));
        }

        return 0;
    }
}
