using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>A member before it is solved.</summary>
/// <param name="Name">As in <see cref="FamilyMember.Name"/>.</param>
/// <param name="Source">Where its strength comes from.</param>
/// <param name="Solve">Its optimum for a network as it is (true), or without the variation of features within classes (false).</param>
internal sealed record FamilyCandidate(string Name, StrengthSource Source, Func<bool, LayerPeeledSolution> Solve);
