namespace LayerPeeled.Solver.Programs;

/// <summary>
/// How the singular values of Z̃ = Z·diag(√ρ) are held down: a ball ‖Z̃‖_* ≤ r or a penalty λ·‖Z̃‖_*. In factor form Z̃ = X_W·X_Hᵀ both halves have the squared
/// norm ‖Z̃‖_* at an optimum, and W and H̃ = H̄·diag(√ρ) are X_W and X_H in units of their own.
/// </summary>
internal abstract class SpectralTerm
{
    /// <summary>W = unit·X_W.</summary>
    public abstract double ClassifierUnit { get; }

    /// <summary>H̃ = unit·X_H.</summary>
    public abstract double FeatureUnit { get; }

    /// <summary>‖W‖_F/‖H̃‖_F at an optimum.</summary>
    public abstract double Balance { get; }

    /// <summary>λ, as a point with ⟨∇f(Z), Z⟩ = <paramref name="inner"/> estimates it, in the unit of the gradient.</summary>
    public abstract double Multiplier(double inner);

    /// <summary>What is added to the loss at a point with ‖W‖_F² and ‖H̃‖_F²: at least what ‖Z̃‖_* would cost.</summary>
    public abstract double Value(double classifierNorm2, double featureNorm2);

    /// <summary>A number not below <see cref="Value"/>, every rounding allowed for.</summary>
    /// <param name="classifierNorm2">‖W‖_F², not below.</param>
    /// <param name="featureNorm2">‖H̃‖_F², not below.</param>
    public abstract double ValueAbove(double classifierNorm2, double featureNorm2);

    /// <summary>
    /// max {−⟨Y, Z̃⟩ − term(Z̃)} over the Z̃ that may be optimal, to rounding: what a dual point with σ_max(Y) costs.
    /// </summary>
    /// <param name="sigma">σ_max(Y).</param>
    /// <param name="upper">An upper bound of the optimum if the loss cannot be negative, else +∞.</param>
    public abstract double DualSupport(double sigma, double upper);

    /// <summary>A number not below <see cref="DualSupport"/>, every rounding allowed for.</summary>
    public abstract double DualSupportAbove(double sigma, double upper);

    /// <summary>By how much Y costs more than the dual point of an optimum, whose norm is λ.</summary>
    public abstract double Excess(double sigma, double multiplier, double upper);
}
