using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Data;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>A solution as people read it: the headline, then norms and cosines of each group.</summary>
internal sealed class SolutionReport(Sheet sheet, ClassInput input, LayerPeeledSolution solution, bool allGroups)
{
    // Longer tables show their head and tail.
    private const int LongTable = 24;
    private const int Shown = 10;
    private const int LargestCosines = 6;

    // Cosines that differ by less are equal to the digits shown.
    private const double EqualCosines = 1e-6;

    // Logits that are smaller are those of vectors of zeros.
    private const double ZeroLogits = 1e-14;

    private readonly bool isZero = solution.Model.Regulariser is Penalties && solution.Factors.NuclearNormBound() < ZeroLogits;

    public void Write()
    {
        sheet.Line(Headline());
        sheet.Line();
        sheet.Facts([.. input.Facts(), .. ModelFacts.Of(solution.Model), .. Facts()]);
        sheet.Line();
        if (isZero)
        {
            sheet.Line(solution.Status == SolverStatus.Optimal ? "complete collapse: W = 0 and H = 0 are optimal" : "W = 0 and H = 0 at this point");
            sheet.Line();
        }

        WriteGroups();
        WriteBiases();
        WriteRanges();
        WriteClasses();
        int groups = solution.Groups.Count;
        if (groups is > 1 and <= LargestCosines && !isZero)
        {
            WriteCosines("Cosines between classifiers", solution.ClassifierCosines);
            WriteCosines("Cosines between class means", solution.FeatureCosines);
        }

        foreach (string note in input.Notes)
        {
            sheet.Line(note);
        }
    }

    // Which classes a group has can be seen on the command line, but not in a file.
    private void WriteClasses()
    {
        if (input.Source is null)
        {
            return;
        }

        int[][] classes = input.ClassesByGroup();
        if (input.Names is not null)
        {
            sheet.Line();
            sheet.Table(["group", "-classes"], ShownGroups().Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), input.List(classes[g])]));
        }

        int[] collapsed = classes.Where((_, g) => solution.Groups[g].Collapsed).SelectMany(group => group).Order().ToArray();
        if (collapsed.Length > 0)
        {
            sheet.Line();
            sheet.Line($"Below the critical class size{input.Numbering}: {input.List(collapsed)}");
        }
    }

    private string Headline()
    {
        string gap = $"relative gap {Gap(solution.Certificate.RelativeGap)}, tolerance {Gap(solution.RelativeGapTolerance)}";
        return solution is { Status: SolverStatus.Stationary, ExcessRank: { } rank }
            ? $"Stationary: a stationary point within p = {solution.Model.FeatureDimension}; the relaxation is not tight for p below its optimal rank {rank}, " +
                $"so the certificate cannot close ({gap})"
            : StatusLine.Of(solution.Status, gap);
    }

    private IEnumerable<(string, string)> Facts()
    {
        yield return ("objective", Sheet.Exact(solution.Objective, solution.Log10Objective));
        if (solution.Model.Regulariser is Penalties)
        {
            yield return ("loss", $"{Sheet.Exact(solution.Loss)}, without penalties");
        }

        yield return ("lower bound", Sheet.Exact(solution.Certificate.LowerBound, solution.Certificate.Log10LowerBound));
        yield return ("multiplier λ", Sheet.Exact(solution.Multiplier, solution.Certificate.Log10Multiplier));
        yield return ("critical class size n*", solution.CriticalClassSize == 0 ? Sheet.Exact(0, solution.Log10CriticalClassSize) : Sheet.Short(solution.CriticalClassSize));
        yield return ("collapsed", $"{solution.ClassesBelowCriticalSize} of {solution.Model.ClassCount} classes below the critical class size");
        if (!isZero)
        {
            yield return ("norms and cosines", Sheet.Accuracy(solution.GeometryError));
        }

        yield return ("method", $"{solution.Method}, {solution.Iterations} iterations, {solution.Elapsed.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
        if (solution.Reason.Length > 0)
        {
            yield return ("reason", solution.Reason);
        }

        if (solution.ExcessRank is { } rank)
        {
            yield return ("feature dimension", $"p = {solution.Model.FeatureDimension} is less than the {rank} dimensions of the relaxation's optimum");
        }
        else if (solution.Status != SolverStatus.Optimal && solution.Model.FeatureDimension < solution.Model.ClassCount - 1)
        {
            yield return ("feature dimension",
                $"p = {solution.Model.FeatureDimension} is less than K − 1 = {solution.Model.ClassCount - 1}: if it is below the optimal rank, the certificate cannot close");
        }
    }

    private void WriteGroups()
    {
        IReadOnlyList<GroupGeometry> groups = solution.Groups;
        bool weighted = groups.Any(group => group.LossWeight != 1), whole = allGroups || groups.Count <= LongTable;
        int tail = groups.Count - Shown;
        string[] headings = ["group", "classes", "count", .. Optional(weighted, "weight"), "‖w‖²", "‖h‖²", "cos(w, w')", "cos(h, h')", "-collapsed"];
        var rows = new List<string[]>();
        for (int g = 0; g < groups.Count; g++)
        {
            if (!whole && g == Shown)
            {
                rows.Add(Enumerable.Repeat("…", headings.Length).ToArray());
                g = tail;
            }

            rows.Add(Row(groups[g], g, weighted));
        }

        sheet.Table(headings, rows);
        if (!whole)
        {
            sheet.Line($"{tail - Shown} of {groups.Count} groups are left out; --all-groups shows them.");
        }
    }

    // Apart from the other columns, which fill a line of 80
    private void WriteBiases()
    {
        if (solution.Groups[0].Bias is not null)
        {
            sheet.Line();
            sheet.Line("Bias of each class");
            sheet.Table(["group", "bias"], ShownGroups().Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), Sheet.Short(solution.Groups[g].Bias!.Value)]));
        }
    }

    private IEnumerable<int> ShownGroups()
    {
        int groups = solution.Groups.Count;
        return Enumerable.Range(0, groups).Where(g => allGroups || groups <= LongTable || g < Shown || g >= groups - Shown);
    }

    // Where the symmetry is broken, the averages of the table say little.
    private void WriteRanges()
    {
        (GroupGeometry Group, int Index)[] broken = solution.Groups.Select((group, g) => (group, g)).Where(item =>
            item.group.LargestClassifierCosine - item.group.LeastClassifierCosine > EqualCosines
            || item.group.LargestFeatureCosine - item.group.LeastFeatureCosine > EqualCosines).ToArray();
        if (broken.Length == 0)
        {
            return;
        }

        sheet.Line();
        sheet.Line("Cosines within a group where its classes differ; above are the averages");
        IEnumerable<(GroupGeometry Group, int Index)> shown = allGroups || broken.Length <= LongTable ? broken : broken.Take(Shown);
        sheet.Table(
            ["group", "least cos(w, w')", "largest", "least cos(h, h')", "largest"],
            shown.Select(item => (string[])
            [
                (item.Index + 1).ToString(CultureInfo.InvariantCulture),
                Sheet.Short(item.Group.LeastClassifierCosine), Sheet.Short(item.Group.LargestClassifierCosine),
                Sheet.Short(item.Group.LeastFeatureCosine), Sheet.Short(item.Group.LargestFeatureCosine),
            ]));
    }

    private static string[] Row(GroupGeometry group, int g, bool weighted) =>
    [
        (g + 1).ToString(CultureInfo.InvariantCulture),
        group.Classes.ToString(CultureInfo.InvariantCulture),
        Sheet.Short(group.Count),
        .. Optional(weighted, Sheet.Short(group.LossWeight)),
        Sheet.Short(group.ClassifierNorm2),
        Sheet.Short(group.FeatureNorm2),
        Sheet.Short(group.ClassifierCosine),
        Sheet.Short(group.FeatureCosine),
        group.Collapsed ? "yes" : "no",
    ];

    private static string[] Optional(bool isShown, string cell) => isShown ? [cell] : [];

    private void WriteCosines(string title, Matrix<double> cosines)
    {
        sheet.Line();
        sheet.Line(title);
        int n = cosines.RowCount;
        sheet.Table(
            ["group", .. Enumerable.Range(1, n).Select(h => h.ToString(CultureInfo.InvariantCulture))],
            Enumerable.Range(0, n).Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), .. Enumerable.Range(0, n).Select(h => Sheet.Short(cosines[g, h]))]));
    }

    private static string Gap(double value) => Sheet.Small(value);
}
