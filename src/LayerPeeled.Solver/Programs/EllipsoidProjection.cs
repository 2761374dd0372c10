namespace LayerPeeled.Solver.Programs;

/// <summary>
/// Euclidean projection onto {x : Σ_k a_k·‖x_k‖² ≤ c} over blocks x_k: x_k ← x_k/(1 + μ·a_k) with the μ ≥ 0 that solves
/// Φ(μ) = Σ_k a_k·s_k/(1 + μ·a_k)² = c, s_k = ‖x_k‖².
/// </summary>
internal static class EllipsoidProjection
{
    /// <summary>A point whose Σ a_k·s_k exceeds c by no more than this fraction is in the set: roundoff of the sums.</summary>
    public const double Slack = 1e-14;
    private const int MaximumIterations = 100;

    /// <summary>μ, zero for a point in the set, NaN where the norms are not finite.</summary>
    /// <param name="norms2">s_k, not negative.</param>
    /// <param name="weights">a_k, positive.</param>
    /// <param name="budget">c, positive.</param>
    public static double Multiplier(ReadOnlySpan<double> norms2, ReadOnlySpan<double> weights, double budget)
    {
        double sum = 0, smallest = double.PositiveInfinity, largest = 0;
        for (int k = 0; k < norms2.Length; k++)
        {
            sum += weights[k] * norms2[k];
            if (norms2[k] > 0)
            {
                smallest = Math.Min(smallest, weights[k]);
                largest = Math.Max(largest, weights[k]);
            }
        }

        if (sum <= budget * (1 + Slack))
        {
            return 0;
        }

        if (!double.IsFinite(sum))
        {
            return double.NaN;
        }

        // With every a_k at the largest or at the smallest weight the equation has a closed form: a bracket of the root.
        double excess = Math.Sqrt(sum / budget) - 1;
        double multiplier = excess / largest, upper = excess / smallest;
        for (int i = 0; i < MaximumIterations; i++)
        {
            double value = 0, slope = 0;
            for (int k = 0; k < norms2.Length; k++)
            {
                // Φ and −Φ'/2
                double shrink = 1 / (1 + (multiplier * weights[k]));
                double term = weights[k] * norms2[k] * shrink * shrink;
                value += term;
                slope += term * weights[k] * shrink;
            }

            // Newton on Φ^{−1/2} = c^{−1/2}, whose left side is concave and nearly linear: from below it never passes the root.
            double step = value * (Math.Sqrt(value / budget) - 1) / slope;
            double next = Math.Min(multiplier + step, upper);
            if (!(next > multiplier))
            {
                break;
            }

            multiplier = next;
        }

        return multiplier;
    }
}
