namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>The time of a step in τ: ∫ e^{−φ} dτ, with φ the cubic that has its values and slopes at both ends.</summary>
internal static class StepTime
{
    private const int LeastPieces = 4;
    private const int MostPieces = 10_000;

    // Gauss and Legendre's rule with four points on [0, 1]
    private static readonly (double Place, double Weight)[] Rule =
    [
        (0.06943184420297371, 0.17392742256872692), (0.33000947820757187, 0.32607257743127307),
        (0.6699905217924281, 0.32607257743127307), (0.9305681557970263, 0.17392742256872692),
    ];

    /// <summary>The logarithm of the integral.</summary>
    /// <param name="step">The length in τ.</param>
    /// <param name="first">φ at the beginning.</param>
    /// <param name="firstSlope">dφ/dτ there.</param>
    /// <param name="last">φ at the end.</param>
    /// <param name="lastSlope">dφ/dτ there.</param>
    public static double LogOf(double step, double first, double firstSlope, double last, double lastSlope)
    {
        // φ changes by some unit in each piece.
        int pieces = (int)Math.Min(LeastPieces + Math.Abs(last - first), MostPieces);
        double least = Math.Min(first, last), sum = 0;
        for (int i = 0; i < pieces; i++)
        {
            foreach ((double place, double weight) in Rule)
            {
                double s = (i + place) / pieces, r = 1 - s;
                double value = (r * r * (((1 + (2 * s)) * first) + (s * step * firstSlope))) + (s * s * (((1 + (2 * r)) * last) - (r * step * lastSlope)));
                sum += weight * Math.Exp(least - value);
            }
        }

        return Math.Log(step * sum / pieces) - least;
    }

    /// <summary>log(e^a + e^b).</summary>
    public static double LogSum(double a, double b)
    {
        double largest = Math.Max(a, b);
        return largest + Math.Log(1 + Math.Exp(Math.Min(a, b) - largest));
    }
}
