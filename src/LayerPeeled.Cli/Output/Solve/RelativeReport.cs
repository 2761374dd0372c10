using System.Globalization;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Geometry;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>The result of a relative as people and programs read it.</summary>
/// <param name="entry">Which relative.</param>
/// <param name="result">Its result.</param>
/// <param name="elapsed">Time of the solve.</param>
/// <param name="allGroups">Whether every group is shown.</param>
internal sealed class RelativeReport(ModelEntry entry, RelativeResult result, TimeSpan elapsed, bool allGroups)
{
    // As many as solutions of the Layer-Peeled Model write
    private const int MostCosines = 2000;

    public void Write(Sheet sheet)
    {
        sheet.Line(result.Headline);
        sheet.Line();
        sheet.Facts([("model", $"{entry.Name}: {entry.Summary}"), .. result.Input?.Facts() ?? [], .. Lines(result.Model)]);
        sheet.Line();
        sheet.Facts([.. Lines(result.Values), .. Collapsed(), ("method", Method())]);
        WriteFacts(sheet, "Closed form", result.ClosedForm);
        WriteFacts(sheet, "At the point", result.Checks);
        if (result.Input is { } input)
        {
            sheet.Line();
            var tables = new GroupTables(sheet, input, result.Groups, allGroups, result.ClassifierCosines is not null);
            tables.WriteGroups();
            tables.WriteRanges();
            tables.WriteClasses();
            tables.WriteCollapsed("Collapsed");
            WriteCosines(tables, "Cosines between classifiers", result.ClassifierCosines);
            WriteCosines(tables, "Cosines between class means", result.FeatureCosines);
        }

        WriteTable(sheet);
        foreach (string note in result.Input?.Notes ?? [])
        {
            sheet.Line(note);
        }
    }

    public string ToJson() => NotedJson.Document(result.Input?.Notes ?? [], json =>
    {
        json.Text("status", result.Status.ToString());
        json.Text("method", result.Method);
        foreach (Fact fact in result.Values)
        {
            Write(json, fact);
        }

        json.Number("relativeGap", result.RelativeGap);
        if (result.GapTolerance is { } tolerance)
        {
            json.Number("gapTolerance", tolerance);
        }

        if (result.Iterations is { } iterations)
        {
            json.Number("iterations", (long)iterations);
        }

        json.Number("seconds", elapsed.TotalSeconds);
        if (result.Input is { } input)
        {
            json.Number("classCount", (long)input.Model.ClassCount);
            input.Write(json);
            json.Number("collapsedClasses", (long)result.Groups.Where(group => group.Collapsed).Sum(group => group.Classes));
        }

        json.Object("model", () =>
        {
            json.Text("name", entry.Name);
            WriteAll(json, result.Model);
        });
        if (result.ClosedForm.Count > 0)
        {
            json.Object("closedForm", () => WriteAll(json, result.ClosedForm));
        }

        json.Object("checks", () => WriteAll(json, result.Checks));
        if (result.Table is { } table)
        {
            json.Objects(table.Field, table.Rows, row =>
            {
                for (int i = 0; i < row.Length; i++)
                {
                    json.Number(table.Columns[i].Field, row[i]);
                }
            });
        }

        if (result.Input is not null)
        {
            json.Objects("groups", result.Groups, group => WriteGroup(json, group));
            WriteCosines(json, "classifierCosines", result.ClassifierCosines);
            WriteCosines(json, "featureCosines", result.FeatureCosines);
        }
    });

    private static IEnumerable<(string, string)> Lines(IEnumerable<Fact> facts) => facts.Select(fact => (fact.Name, fact.Text));

    private static void WriteFacts(Sheet sheet, string title, IReadOnlyList<Fact> facts)
    {
        if (facts.Count > 0)
        {
            sheet.Line();
            sheet.Line(title);
            sheet.Facts(facts.Select(fact => ("  " + fact.Name, fact.Text)));
        }
    }

    private static void WriteCosines(GroupTables tables, string title, Matrix<double>? cosines)
    {
        if (cosines is not null)
        {
            tables.WriteCosines(title, () => cosines);
        }
    }

    private IEnumerable<(string, string)> Collapsed() => result.Input is not { } input ? []
        : [("collapsed", $"{result.Groups.Where(group => group.Collapsed).Sum(group => group.Classes)} of {input.Model.ClassCount} classes")];

    private string Method() => result.Method + (result.Iterations is { } iterations ? $", {iterations} iterations" : "")
        + $", {elapsed.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s";

    private void WriteTable(Sheet sheet)
    {
        if (result.Table is { } table)
        {
            sheet.Line();
            sheet.Line(table.Title);
            int[] shown = [.. GroupTables.ShownOf(table.Rows.Count, allGroups)];
            sheet.Table([table.Item, .. table.Columns.Select(column => column.Heading)],
                shown.Select(i => (string[])[(i + 1).ToString(CultureInfo.InvariantCulture), .. table.Rows[i].Select(Sheet.Short)]));
            if (shown.Length < table.Rows.Count)
            {
                sheet.Line($"{table.Rows.Count - shown.Length} of {table.Rows.Count} rows are left out; --all-groups shows them.");
            }
        }
    }

    private static void WriteAll(NotedJson json, IEnumerable<Fact> facts)
    {
        foreach (Fact fact in facts)
        {
            Write(json, fact);
        }
    }

    private static void Write(NotedJson json, Fact fact)
    {
        if (fact.Value is { } value)
        {
            json.Number(fact.Field, value);
        }
        else
        {
            json.Text(fact.Field, fact.Text);
        }
    }

    private void WriteGroup(NotedJson json, GroupGeometry group)
    {
        json.Number("classes", (long)group.Classes);
        json.Number("count", group.Count);
        json.Number("weight", group.LossWeight);
        if (result.ClassifierCosines is not null)
        {
            json.Number("classifierNorm2", group.ClassifierNorm2);
            json.Number("classifierCosine", group.ClassifierCosine);
            json.Number("leastClassifierCosine", group.LeastClassifierCosine);
            json.Number("largestClassifierCosine", group.LargestClassifierCosine);
        }

        json.Number("featureNorm2", group.FeatureNorm2);
        json.Number("featureCosine", group.FeatureCosine);
        json.Number("leastFeatureCosine", group.LeastFeatureCosine);
        json.Number("largestFeatureCosine", group.LargestFeatureCosine);
        json.Truth("collapsed", group.Collapsed);
    }

    private static void WriteCosines(NotedJson json, string name, Matrix<double>? cosines)
    {
        if (cosines is not null && cosines.RowCount <= MostCosines)
        {
            json.NumberRows(name, cosines.ToRowArrays());
        }
    }
}
