using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>A model with soft targets as it was given.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokens">Names of the tokens, if they have some.</param>
/// <param name="Source">The file.</param>
internal sealed record TargetInput(SoftTargetModel Model, IReadOnlyList<string>? Tokens, string Source)
{
    /// <summary>What was assumed in reading the file.</summary>
    public IEnumerable<string> Notes() => NotesOn(Model.Targets);

    /// <summary>What was assumed in reading targets.</summary>
    public static IEnumerable<string> NotesOn(SoftTargets targets)
    {
        int leftOut = targets.GivenContexts - targets.Contexts;
        if (targets.AreCounts)
        {
            yield return "The columns do not sum to 1, so they were read as counts: each was divided by its sum.";
        }

        if (leftOut > 0)
        {
            yield return $"{leftOut} of {targets.GivenContexts} contexts never occur and were left out; m = {targets.Contexts} in the budget too.";
        }
    }

    /// <summary>A token for people.</summary>
    public string NameOf(int token) => Tokens is null ? token.ToString(System.Globalization.CultureInfo.InvariantCulture) : Tokens[token];
}
