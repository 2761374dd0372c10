using System.Globalization;

namespace LayerPeeled.Cli.Output;

/// <summary>Tables as comma-separated values (RFC 4180 with line feeds): numbers read back exactly, and a field without a value is empty.</summary>
internal static class CsvText
{
    private static readonly char[] NeedQuotes = [',', '"', '\n', '\r'];

    public static string Table(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine(Line(headings));
        foreach (IEnumerable<string> row in rows)
        {
            text.WriteLine(Line(row));
        }

        return text.ToString();
    }

    /// <summary>A number as a field, all digits; NaN has no value.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "" : Sheet.Exact(value);

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(field =>
        field.IndexOfAny(NeedQuotes) < 0 ? field : '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));
}
