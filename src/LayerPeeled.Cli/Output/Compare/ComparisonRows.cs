using System.Globalization;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Analysis.Comparison;

namespace LayerPeeled.Cli.Output.Compare;

/// <summary>Members of a comparison as rows of separated values.</summary>
internal static class ComparisonRows
{
    public static string[] Headings { get; } =
        ["model", "loss", "status", "objective", "relative_gap", "collapsed_classes", "w_norm_ratio", "w_cos_a", "w_cos_b", "w_cos_ab", "h_norm_ratio", "h_cos_a", "h_cos_b", "h_cos_ab"];

    public static string[] Of(ComparedMember member) =>
    [
        ModelCatalog.Of(member.Kind).Name, member.Loss, member.Refusal is null ? member.Status.ToString() : "refused", Sheet.Exact(member.Objective), Sheet.Exact(member.RelativeGap),
        member.CollapsedClasses.ToString(CultureInfo.InvariantCulture), .. Cells(member.Classifier), .. Cells(member.Feature),
    ];

    private static IEnumerable<string> Cells(ComparedSide side) =>
        new[] { side.NormRatio, side.MajorityCosine, side.MinorityCosine, side.CrossCosine }.Select(CsvText.Number);
}
