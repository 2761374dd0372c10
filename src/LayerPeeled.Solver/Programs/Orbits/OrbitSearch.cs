using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>The colouring of pairs that a solve uses.</summary>
internal static class OrbitSearch
{
    // Fewer numbers than this share of all pairs pay; a block form of more than so many products costs more than it saves.
    private const double WorthwhileShare = 0.25;
    private const double LargestForm = 1e9;

    /// <summary>What is given, or what is found where it pays; null for none.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="symmetry">What to use.</param>
    /// <param name="columns">How many different contexts there are without it.</param>
    public static PairColouring? Of(SoftTargets targets, TargetSymmetry symmetry, int columns)
    {
        if (symmetry == TargetSymmetry.None)
        {
            return null;
        }

        if (symmetry != TargetSymmetry.Automatic)
        {
            return PairColouring.OfOrbits(targets, symmetry == TargetSymmetry.Cyclic ? [TargetPermutation.Step(targets.Tokens)] : symmetry.Generators);
        }

        double pairs = (double)targets.Tokens * targets.Contexts;
        int most = (int)Math.Min(WorthwhileShare * targets.Tokens * columns, LargestForm / pairs);
        if (most < 1)
        {
            return null;
        }

        (int tokens, int contexts) = ColourRefinement.Count(targets);
        return (long)tokens * contexts <= most ? PairRefinement.Of(targets, most) : null;
    }
}
