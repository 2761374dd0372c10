using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Geometry;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>Norms and cosines by group of equal classes, as tables; long ones show their head and their tail.</summary>
/// <param name="sheet">Where they are written.</param>
/// <param name="input">The classes.</param>
/// <param name="groups">The groups.</param>
/// <param name="allGroups">Whether every group is shown.</param>
/// <param name="hasClassifiers">Whether there are classifiers besides the class means.</param>
internal sealed class GroupTables(Sheet sheet, ClassInput input, IReadOnlyList<GroupGeometry> groups, bool allGroups, bool hasClassifiers = true)
{
    // Longer tables show their head and tail.
    private const int LongTable = 24;
    private const int AtEachEnd = 10;
    private const int LargestCosines = 6;

    // Cosines that differ by less are equal to the digits shown.
    private const double EqualCosines = 1e-6;

    /// <summary>The groups that tables show.</summary>
    public IEnumerable<int> Shown => ShownOf(groups.Count, allGroups);

    /// <summary>The rows that a table of some length shows.</summary>
    public static IEnumerable<int> ShownOf(int count, bool all) =>
        Enumerable.Range(0, count).Where(g => all || count <= LongTable || g < AtEachEnd || g >= count - AtEachEnd);

    /// <summary>Norms, cosines within the group, and whether it has collapsed.</summary>
    public void WriteGroups()
    {
        bool weighted = groups.Any(group => group.LossWeight != 1), whole = allGroups || groups.Count <= LongTable;
        int tail = groups.Count - AtEachEnd;
        string[] headings =
        [
            "group", "classes", "count", .. Optional(weighted, "weight"), .. Optional(hasClassifiers, "‖w‖²"), "‖h‖²", .. Optional(hasClassifiers, "cos(w, w')"), "cos(h, h')",
            "-collapsed",
        ];
        var rows = new List<string[]>();
        for (int g = 0; g < groups.Count; g++)
        {
            if (!whole && g == AtEachEnd)
            {
                rows.Add(Enumerable.Repeat("…", headings.Length).ToArray());
                g = tail;
            }

            rows.Add(Row(groups[g], g, weighted));
        }

        sheet.Table(headings, rows);
        if (!whole)
        {
            sheet.Line($"{tail - AtEachEnd} of {groups.Count} groups are left out; --all-groups shows them.");
        }
    }

    /// <summary>The range of cosines where a group has several: where the symmetry is broken, the averages say little.</summary>
    public void WriteRanges()
    {
        (GroupGeometry Group, int Index)[] broken = groups.Select((group, g) => (group, g)).Where(item =>
            item.group.LargestClassifierCosine - item.group.LeastClassifierCosine > EqualCosines
            || item.group.LargestFeatureCosine - item.group.LeastFeatureCosine > EqualCosines).ToArray();
        if (broken.Length == 0)
        {
            return;
        }

        sheet.Line();
        sheet.Line("Cosines within a group where its classes differ; above are the averages");
        IEnumerable<(GroupGeometry Group, int Index)> shown = allGroups || broken.Length <= LongTable ? broken : broken.Take(AtEachEnd);
        sheet.Table(
            ["group", "least cos(w, w')", "largest", "least cos(h, h')", "largest"],
            shown.Select(item => (string[])
            [
                (item.Index + 1).ToString(CultureInfo.InvariantCulture),
                Sheet.Short(item.Group.LeastClassifierCosine), Sheet.Short(item.Group.LargestClassifierCosine),
                Sheet.Short(item.Group.LeastFeatureCosine), Sheet.Short(item.Group.LargestFeatureCosine),
            ]));
    }

    /// <summary>Which classes a group has, where they have names: that can be seen on the command line, but not in a file.</summary>
    public void WriteClasses()
    {
        if (input.Source is not null && input.Names is not null)
        {
            int[][] classes = input.ClassesByGroup();
            sheet.Line();
            sheet.Table(["group", "-classes"], Shown.Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), input.List(classes[g])]));
        }
    }

    /// <summary>The classes of a file that have collapsed.</summary>
    /// <param name="what">What has become of them.</param>
    public void WriteCollapsed(string what)
    {
        int[] collapsed = input.Source is null ? [] : input.ClassesByGroup().Where((_, g) => groups[g].Collapsed).SelectMany(group => group).Order().ToArray();
        if (collapsed.Length > 0)
        {
            sheet.Line();
            sheet.Line($"{what}{input.Numbering}: {input.List(collapsed)}");
        }
    }

    /// <summary>Cosines between the groups, where there are several and not too many.</summary>
    public void WriteCosines(string title, Func<Matrix<double>> cosines)
    {
        if (groups.Count is <= 1 or > LargestCosines)
        {
            return;
        }

        sheet.Line();
        sheet.Line(title);
        Matrix<double> values = cosines();
        int n = values.RowCount;
        sheet.Table(
            ["group", .. Enumerable.Range(1, n).Select(h => h.ToString(CultureInfo.InvariantCulture))],
            Enumerable.Range(0, n).Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), .. Enumerable.Range(0, n).Select(h => Sheet.Short(values[g, h]))]));
    }

    private string[] Row(GroupGeometry group, int g, bool weighted) =>
    [
        (g + 1).ToString(CultureInfo.InvariantCulture),
        group.Classes.ToString(CultureInfo.InvariantCulture),
        Sheet.Short(group.Count),
        .. Optional(weighted, Sheet.Short(group.LossWeight)),
        .. Optional(hasClassifiers, Sheet.Short(group.ClassifierNorm2)),
        Sheet.Short(group.FeatureNorm2),
        .. Optional(hasClassifiers, Sheet.Short(group.ClassifierCosine)),
        Sheet.Short(group.FeatureCosine),
        group.Collapsed ? "yes" : "no",
    ];

    private static string[] Optional(bool isShown, string cell) => isShown ? [cell] : [];
}
