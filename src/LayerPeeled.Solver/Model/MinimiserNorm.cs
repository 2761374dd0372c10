namespace LayerPeeled.Solver.Model;

/// <summary>
/// ‖Z̃‖_* of the logits at which a loss is least without any budget, own logits a and all others 0: budgets with at least this radius do not bind. Columns of classes without
/// a loss are zero. A shift-invariant loss takes the centred ones, a·(I − 11ᵀ/K), whose norm is the least among all shifts.
/// </summary>
internal static class MinimiserNorm
{
    private const int Halvings = 200;

    /// <summary>The norm.</summary>
    /// <param name="model">The model.</param>
    /// <param name="own">a.</param>
    public static double Of(LayerPeeledModel model, double own)
    {
        (double Root, double Classes)[] groups = model.Groups.Where(group => group.EffectiveCount > 0)
            .GroupBy(group => CollapseLaw.FeatureCost(model, group)).OrderBy(group => group.Key)
            .Select(group => (Math.Sqrt(group.Key), group.Sum(g => (double)g.Classes))).ToArray();
        if (!model.Loss.IsShiftInvariant)
        {
            return own * groups.Sum(group => group.Classes * group.Root);
        }

        // D·(I − 11ᵀ/K)·D with D = diag(√ρ): the eigenvalue ρ_g with K_g − 1 vectors, and one below each ρ_g where 1 = (1/K)·Σ_g K_g·ρ_g/(ρ_g − μ)
        double sum = 0, below = 0;
        foreach ((double root, double classes) in groups)
        {
            sum += ((classes - 1) * root) + Math.Sqrt(Between(groups, model.ClassCount, below, root * root));
            below = root * root;
        }

        return own * sum;
    }

    // Σ K_g·ρ_g/(ρ_g − μ) rises from −∞, or from the classes with a loss at μ = 0, to +∞.
    private static double Between((double Root, double Classes)[] groups, double total, double low, double high)
    {
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (!(middle > low && middle < high))
            {
                break;
            }

            double sum = groups.Sum(group => group.Classes * group.Root * group.Root / ((group.Root * group.Root) - middle));
            (low, high) = sum < total ? (middle, high) : (low, middle);
        }

        return low;
    }
}
