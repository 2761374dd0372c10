using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>φ, what a step must lower: log f where the loss is positive, so that losses of any size are alike, f in units of its first value otherwise, or f.</summary>
internal readonly struct Merit
{
    private const double Vanished = 1e-300;
    private readonly bool logarithmic;
    private readonly double unit;

    /// <param name="loss">The loss.</param>
    /// <param name="first">f at the start.</param>
    /// <param name="isValue">Whether φ is to be f.</param>
    public Merit(ILoss loss, double first, bool isValue)
    {
        logarithmic = !isValue && loss.IsNonNegative && !loss.VanishesAtTarget;
        unit = isValue || logarithmic || !(Math.Abs(first) > Vanished) ? 1 : Math.Abs(first);
    }

    /// <summary>φ from f.</summary>
    public double Of(double value) => logarithmic ? Math.Log(value) : value / unit;

    /// <summary>∇φ = this·∇f.</summary>
    public double GradientFactor(double value) => 1 / (logarithmic ? value : unit);

    /// <summary>Roundoff in φ.</summary>
    public double Noise(double merit) => logarithmic ? 1e-15 * (1 + Math.Abs(merit)) : 1e-15 * Math.Abs(merit);

    /// <summary>Whether there are no digits left to lower.</summary>
    public bool HasVanished(double value) => logarithmic && value <= Vanished;

    /// <summary>
    /// The relative gap, roughly: f − f* is about ½·gᵀH⁻¹g; tangential gradients are 2·stationarity·‖g‖, ‖g‖² = 2rλ², H of the order of λ, rλ = −⟨∇_W, W⟩.
    /// </summary>
    /// <param name="stationarity">The stationarity.</param>
    /// <param name="slope">⟨∇_W φ, W⟩.</param>
    /// <param name="value">f.</param>
    public double GapEstimate(double stationarity, double slope, double value) =>
        4 * stationarity * stationarity * Math.Abs(slope) * (logarithmic ? 1 : unit / Math.Abs(value));
}
