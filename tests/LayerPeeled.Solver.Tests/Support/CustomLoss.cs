using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Cross-entropy as someone else would write it who has no conjugate to offer: no dual is ever in its domain.</summary>
internal sealed class CustomLoss(bool isNonNegative) : ILoss
{
    private static readonly CrossEntropyLoss Inner = CrossEntropyLoss.Instance;

    public string Name => "custom";

    public bool IsShiftInvariant => true;

    public bool IsNonNegative => isNonNegative;

    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) => Inner.Value(ownLogit, logits, multiplicities);

    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient) =>
        Inner.Gradient(ownLogit, logits, multiplicities, out ownGradient, gradient);

    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product) =>
        Inner.CurvatureProduct(ownGradient, gradient, multiplicities, ownDirection, direction, out ownProduct, product);

    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual) =>
        double.PositiveInfinity;

    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual) => Inner.RepairDual(multiplicities, ref ownDual, dual);
}
