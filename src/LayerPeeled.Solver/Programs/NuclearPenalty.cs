using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// λ·‖Z̃‖_* with λ = √(λ_W·λ_H̃): the least of (λ_W/2)·‖W‖² + (λ_H̃/2)·‖H̃‖² over all factors of Z̃. Its conjugate is 0 where σ_max(Y) ≤ λ and infinite elsewhere;
/// but since the loss is not negative, no Z̃ with λ·‖Z̃‖_* above the value of a point can be optimal, which makes any Y a bound.
/// </summary>
/// <param name="classifierPenalty">λ_W.</param>
/// <param name="featurePenalty">λ_H̃, two roundings from what it stands for at most.</param>
internal sealed class NuclearPenalty(double classifierPenalty, double featurePenalty) : SpectralTerm
{
    // Of the two roots, their product, and λ_H̃
    private const int Roundings = 6;

    /// <summary>λ.</summary>
    public double Lambda { get; } = Math.Sqrt(classifierPenalty) * Math.Sqrt(featurePenalty);

    public override double ClassifierUnit => Math.Sqrt(Lambda / classifierPenalty);

    public override double FeatureUnit => Math.Sqrt(Lambda / featurePenalty);

    public override double Balance => Math.Sqrt(featurePenalty / classifierPenalty);

    public override double Multiplier(double inner) => Lambda;

    public override double Value(double classifierNorm2, double featureNorm2) =>
        0.5 * ((classifierPenalty * classifierNorm2) + (featurePenalty * featureNorm2));

    public override double ValueAbove(double classifierNorm2, double featureNorm2) => Rounding.Up(Value(classifierNorm2, featureNorm2), 8);

    public override double DualSupport(double sigma, double upper) => sigma <= Lambda ? 0 : (sigma - Lambda) * (upper / Lambda);

    public override double DualSupportAbove(double sigma, double upper)
    {
        double least = Rounding.Down(Lambda, Roundings);
        return sigma <= least ? 0 : Rounding.Up((sigma - least) * (upper / least), 6);
    }

    public override double Excess(double sigma, double multiplier, double upper) => DualSupport(sigma, upper);
}
