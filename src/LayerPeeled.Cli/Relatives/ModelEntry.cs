using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis.Comparison;

namespace LayerPeeled.Cli.Relatives;

/// <summary>A model of the catalogue.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Compared">What it is to <c>compare</c>; null where it is not laid beside the others.</param>
/// <param name="Create">How <c>solve</c> solves it; null of the two that the solvers of the library take as they are.</param>
internal sealed record ModelEntry(string Name, string Summary, FamilyMemberKind? Compared, Func<SolveOptions, Relative>? Create);
