using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Comparison;

namespace LayerPeeled.Native.Handles;

/// <summary>Members of the family side by side.</summary>
internal sealed class ComparisonHandle(IReadOnlyList<ComparedMember> members) : Handle, IHandle
{
    public static string TypeName => "lp_comparison";

    public int Count => members.Count;

    public LpComparedMember Member(int i)
    {
        ComparedMember member = members[i];
        return new LpComparedMember
        {
            Kind = (int)member.Kind,
            Status = (int)member.Status,
            CollapsedClasses = member.CollapsedClasses,
            Objective = member.Objective,
            RelativeGap = member.RelativeGap,
            Classifier = Side(member.Classifier),
            Feature = Side(member.Feature),
            Loss = Text(member.Loss),
            Refusal = Text(member.Refusal ?? ""),
        };
    }

    private static LpComparedSide Side(ComparedSide side) => new()
    {
        Norm2Ratio = side.NormRatio,
        MajorityCosine = side.MajorityCosine,
        MinorityCosine = side.MinorityCosine,
        CrossCosine = side.CrossCosine,
    };
}
