using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>Which dual point to prove a bound with: candidates near the gradient, weighed by fast bounds.</summary>
internal static class DualSearch
{
    // The second construction is seldom the better one, and costs more: it is for where it costs nothing to speak of.
    public const int LargestAlignment = 64;

    // In larger problems cuts that bring nothing, the most likely ones first, are not worth the products of more of them.
    private const int MaximumMisses = 2;

    /// <summary>The best candidate, or the first that closes the gap.</summary>
    /// <param name="program">The program.</param>
    /// <param name="logits">Z, in the ball; null where more than <see cref="LargestAlignment"/> groups leave it unused.</param>
    /// <param name="gradient">∇f(Z).</param>
    /// <param name="point">Both, with the loss.</param>
    /// <param name="target">A relative gap at which to stop looking.</param>
    /// <param name="directions">V of the point, n×rank, or nothing: a start for the singular vectors of the gradient.</param>
    public static DualityCertificate Best(
        NuclearNormProgram program, GroupedMatrix? logits, GroupedMatrix gradient, DualEvaluation point, double target, ReadOnlySpan<double> directions = default)
    {
        // Any bound will do: the least expensive one.
        bool anyBound = double.IsPositiveInfinity(target);
        bool large = program.GroupCount > LargestAlignment && point.Multiplier > 0 && !anyBound;
        DualityCertificate? best = null;
        if (!large)
        {
            best = point.Certificate(gradient.Clone(), DualKind.Gradient);
            if (anyBound || best?.Closes(target) == true || !(point.Multiplier > 0))
            {
                return best ?? point.WithoutDual();
            }
        }

        var levelled = new LevelledGradient(program, gradient, directions);
        int misses = 0;
        foreach (double tolerance in levelled.CandidateTolerances(point.Multiplier))
        {
            DualityCertificate? better = point.Certificate(
                levelled.Dual(point.Multiplier, tolerance), DualKind.Levelled, best?.Gap ?? double.PositiveInfinity);
            best = better ?? best;
            misses = better is null ? misses + 1 : 0;
            if (best is not null && best.Closes(target))
            {
                return best;
            }

            if (misses == MaximumMisses && large)
            {
                break;
            }
        }

        if (large)
        {
            // The gradient as it is, whose gap is r·(σ_max − λ), comes last here: far from the optimum it is the better one, near it a bound of its
            // norm is expensive.
            return best is not null && program.Term.Excess(levelled.LargestValue, point.Multiplier, point.Objective) >= best.Gap
                ? best
                : point.Certificate(gradient.Clone(), DualKind.Gradient, best?.Gap ?? double.PositiveInfinity) ?? best ?? point.WithoutDual();
        }

        var aligned = new AlignedDirections(program, logits!);
        foreach (double cut in aligned.CandidateCuts())
        {
            best = point.Certificate(aligned.AlignedDual(gradient, point.Multiplier, cut), DualKind.Aligned, best?.Gap ?? double.PositiveInfinity) ?? best;
            if (best?.Closes(target) == true)
            {
                break;
            }
        }

        return best ?? point.WithoutDual();
    }
}
