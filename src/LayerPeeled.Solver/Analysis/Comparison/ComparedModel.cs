using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>A member of the family with a loss: what is to be compared.</summary>
/// <param name="Kind">Which member.</param>
/// <param name="Loss">The loss, for members that have one of a choice.</param>
public sealed record ComparedModel(FamilyMemberKind Kind, ILoss Loss);
