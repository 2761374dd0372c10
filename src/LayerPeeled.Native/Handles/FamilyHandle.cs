using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Diagnosis;

namespace LayerPeeled.Native.Handles;

/// <summary>A network beside the members of the family.</summary>
internal sealed class FamilyHandle(FamilyDiagnosis family) : Handle, IHandle
{
    public static string TypeName => "lp_family";

    public IReadOnlyList<FamilyMember> Members => family.Members;

    public LpFamilyInfo Info() => new()
    {
        Members = family.Members.Count,
        IsDescribed = family.IsDescribed ? 1 : 0,
        SimplexEtf = Misfit(family.SimplexEtf),
        BestWithoutVariation = Misfit(family.BestWithoutVariation),
        VariationShare = family.VariationShare,
        Verdict = Text(family.Verdict),
        Notes = Lines(family.Notes),
    };

    public LpFamilyMember Member(int i)
    {
        FamilyMember member = family.Members[i];
        RegulariserFields fields = RegulariserFields.Of(member.Model.Regulariser);
        return new LpFamilyMember
        {
            Name = Text(member.Name),
            Source = (int)member.Source,
            Status = (int)member.Solution.Status,
            Goodness = member.Goodness,
            Misfit = Misfit(member.Misfit),
            Regulariser = fields.Kind,
            FeatureNorm = fields.FeatureNorm,
            Classifier = fields.Classifier,
            Feature = fields.Feature,
            BiasPenalty = fields.BiasPenalty,
            Bias = fields.Bias,
            RelativeGap = member.Solution.Certificate.RelativeGap,
        };
    }

    private static LpMisfit Misfit(GeometryMisfit? misfit) => new()
    {
        Total = misfit?.Total ?? double.NaN,
        ClassifierCosines = misfit?.ClassifierCosines ?? double.NaN,
        ClassifierNorms = misfit?.ClassifierNorms ?? double.NaN,
        MeanCosines = misfit?.MeanCosines ?? double.NaN,
        MeanNorms = misfit?.MeanNorms ?? double.NaN,
    };
}
