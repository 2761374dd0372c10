using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>The figures as text, as the table of docs/benchmarks.md, and as JSON.</summary>
internal static class RatioReport
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Table(IEnumerable<RatioRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine($"{"figure",-22}{"median",10} {"unit",-8}{"min",10}{"max",10}{"gap",10}{"must",9}{"aim",8}");
        foreach (RatioRow row in rows)
        {
            text.AppendLine($"{row.Name,-22}{Number(row.Value),10} {row.Unit,-8}{Number(row.Min),10}{Number(row.Max),10}{Gap(row),10}{Number(row.Must),9}{Number(row.Aim),8}");
            text.AppendLine($"    on {row.Provider}: {row.Note}");
        }

        return text.ToString();
    }

    public static string Markdown(IEnumerable<RatioRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("| figure | median | min – max | unit | gap reached | must | aim | provider | command | measured with it |");
        text.AppendLine("|---|---:|---:|---|---:|---:|---:|---|---|---|");
        foreach (RatioRow row in rows)
        {
            text.AppendLine(
                $"| {row.Name} | {Number(row.Value)} | {Number(row.Min)} – {Number(row.Max)} | {row.Unit} | {Gap(row)} | {Number(row.Must)} | {Number(row.Aim)} | {row.Provider} "
                + $"| `ratios --only {row.Name}` | {row.Note} |");
        }

        return text.ToString();
    }

    public static string Json(MachineDescription machine, IEnumerable<RatioRow> rows) => JsonSerializer.Serialize(new { machine, rows }, Format);

    private static string Gap(RatioRow row) => row.Gap is { } gap ? gap.ToString("0.0e-0", CultureInfo.InvariantCulture) : "–";

    private static string Number(double value) => value >= 100 ? Math.Round(value).ToString(CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}
