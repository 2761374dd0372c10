using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Cross-entropy that does not own up to being shift-invariant, so that no logarithm is taken.</summary>
internal sealed class PlainLoss(Action? onGradient = null) : ILoss
{
    private static readonly CrossEntropyLoss Inner = CrossEntropyLoss.Instance;

    public string Name => "plain";

    public bool IsShiftInvariant => false;

    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) => Inner.Value(ownLogit, logits, multiplicities);

    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        onGradient?.Invoke();
        return Inner.Gradient(ownLogit, logits, multiplicities, out ownGradient, gradient);
    }

    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product) =>
        Inner.CurvatureProduct(ownGradient, gradient, multiplicities, ownDirection, direction, out ownProduct, product);

    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual) =>
        Inner.FenchelYoung(ownGradient, gradient, multiplicities, ownDual, dual);

    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual) => Inner.RepairDual(multiplicities, ref ownDual, dual);
}
