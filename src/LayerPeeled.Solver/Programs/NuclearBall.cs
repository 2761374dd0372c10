using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs;

/// <summary>‖Z̃‖_* ≤ r = K·√(E_W·E_H).</summary>
internal sealed class NuclearBall(LayerPeeledModel model) : SpectralTerm
{
    // Of r and of a product with it
    private readonly int roundings = 8 + model.BudgetRoundings + RoundingsOfFeatureBudget(model);
    private readonly double radius = model.Radius;

    /// <summary>Roundings of K·E_H as a bound of Σ ρ_k·‖h_k‖², beside those of the product: where examples count, those of N, a sum over the groups, and of K/N.</summary>
    public static int RoundingsOfFeatureBudget(LayerPeeledModel model) =>
        model.BudgetRoundings + (model.Regulariser.FeatureNorm == FeatureNorm.PerSample ? 4 + model.Groups.Count : 0);

    public override double ClassifierUnit => Math.Sqrt(model.ClassCount * model.ClassifierBudget / radius);

    public override double FeatureUnit => Math.Sqrt(model.ClassCount * model.FeatureBudget / radius);

    public override double Balance => Math.Sqrt(model.ClassifierBudget / model.FeatureBudget);

    // 0 − x and not −x: a λ of zero has no sign.
    public override double Multiplier(double inner) => (0 - inner) / radius;

    public override double Value(double classifierNorm2, double featureNorm2) => 0;

    public override double ValueAbove(double classifierNorm2, double featureNorm2) => 0;

    public override double DualSupport(double sigma, double upper) => radius * sigma;

    public override double DualSupportAbove(double sigma, double upper) => Rounding.Up(radius * sigma, roundings);

    public override double Excess(double sigma, double multiplier, double upper) => radius * (sigma - multiplier);
}
