using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>Cross-entropy in units so small that it is a sum of exponentials.</summary>
public sealed class VanishingCrossEntropyLossTests
{
    private const double Unit = 1.1102230246251565e-16;
    private static readonly double[] Multiplicities = [3, 1, 0, 2];

    [Fact]
    public void InUnit_SmallLoss_AgreesWithCrossEntropyWhereBothHaveTheirDigits()
    {
        double[] logits = [-310, -305, 7], multiplicities = [3, 1, 0], plain = new double[3], scaled = new double[3];
        ILoss loss = CrossEntropyLoss.Instance;
        double unit = loss.LogUnit(2, logits, multiplicities), factor = Math.Exp(unit);
        Assert.Equal(-307, unit);
        ILoss small = loss.InUnit(unit);
        Assertions.Near(loss.Value(2, logits, multiplicities), factor * small.Value(2, logits, multiplicities), 1e-13);
        Assertions.Near(
            loss.Gradient(2, logits, multiplicities, out double own, plain), factor * small.Gradient(2, logits, multiplicities, out double ownScaled, scaled), 1e-13);
        Assertions.Near(own, factor * ownScaled, 1e-13);
        double[] direction = [1, -2, 5], product = new double[3], scaledProduct = new double[3], dual = [2 * scaled[0], 0.5 * scaled[1], 0];
        loss.CurvatureProduct(own, plain, multiplicities, 0.5, direction, out double ownProduct, product);
        small.CurvatureProduct(ownScaled, scaled, multiplicities, 0.5, direction, out double ownScaledProduct, scaledProduct);
        Assertions.Near(ownProduct, factor * ownScaledProduct, 1e-13);
        for (int g = 0; g < 2; g++)
        {
            Assertions.Near(plain[g], factor * scaled[g], 1e-13);
            Assertions.Near(product[g], factor * scaledProduct[g], 1e-13);
        }

        double[] plainDual = [2 * plain[0], 0.5 * plain[1], 0];
        Assertions.Near(loss.FenchelYoung(own, plain, multiplicities, double.NaN, plainDual), factor * small.FenchelYoung(ownScaled, scaled, multiplicities, double.NaN, dual), 1e-12);
    }

    [Fact]
    public void LogUnit_OrdinaryLoss_IsZero()
    {
        Assert.Equal(0, CrossEntropyLoss.Instance.LogUnit(0, [-299, -1000], [1, 1]));
        Assert.Same(CrossEntropyLoss.Instance, CrossEntropyLoss.Instance.InUnit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropyLoss.Instance.InUnit(-1));
        Assert.Throws<NotSupportedException>(() => ((ILoss)new PlainLoss()).InUnit(-400));
    }

    [Fact]
    public void Name_AndTraits_AreThoseOfCrossEntropy()
    {
        ILoss loss = CrossEntropyLoss.Instance.InUnit(-400), plain = CrossEntropyLoss.Instance;
        Assert.Equal((plain.Name, plain.IsShiftInvariant, plain.IsNonNegative), (loss.Name, loss.IsShiftInvariant, loss.IsNonNegative));
    }

    // No tolerance for the bound, and little for how far off it may be
    [Fact]
    public void ValueAbove_LogitsAnywhereWithinTheirErrors_IsAboveTheSumByAFewUnits()
    {
        var random = new Random(5);
        for (int run = 0; run < 200; run++)
        {
            double unit = -400 - (600 * random.NextDouble()), own = 100 * RandomPoints.Normal(random), error = run % 2 == 0 ? 0 : 1e-10 * random.NextDouble();
            double[] logits = [.. Multiplicities.Select((m, g) => m == 0 ? double.PositiveInfinity : own + unit - (g == 0 ? 0 : 5 * random.NextDouble()))];
            ILoss loss = CrossEntropyLoss.Instance.InUnit(unit);
            double above = loss.ValueAbove(own, logits, Multiplicities, error, [error, error, error, error]), value = loss.Value(own, logits, Multiplicities);
            FixedPoint exact = Sum(g => FixedPoint.Exp((FixedPoint)logits[g] + error - own + error - unit));
            Assert.True(above >= exact, $"run {run}: {above:R} below {exact}");
            Assert.True(above - exact <= (2e-12 + (10 * error)) * exact, $"run {run}: {above:R} far above {exact}");
            Assertions.Near(loss.Gradient(own, logits, Multiplicities, out double slope, new double[4]), value, 4 * Unit);
            Assert.Equal(-value, slope, 4 * Unit * value);
        }
    }

    [Fact]
    public void ValueAbove_LogitsFarAboveTheUnit_IsNoNumber()
    {
        ILoss loss = CrossEntropyLoss.Instance.InUnit(-400);
        Assert.True(double.IsFinite(loss.ValueAbove(0, [-399.5], [1], 0, [0])));
        Assert.Equal(double.PositiveInfinity, loss.ValueAbove(0, [-398], [1], 0, [0]));
    }

    // With p = u·q and u = e^s the entropy over u is Σ m·q·(1 − s − log q), but for terms smaller by u.
    [Fact]
    public void DualValueBelow_AnyDual_IsBelowTheEntropyByAFewUnits()
    {
        var random = new Random(6);
        for (int run = 0; run < 200; run++)
        {
            double unit = -400 - (600 * random.NextDouble());
            double[] dual = [.. Multiplicities.Select(m => run % 10 == 0 ? 0 : Math.Pow(10, -3 * random.NextDouble()))];
            double below = CrossEntropyLoss.Instance.InUnit(unit).DualValueBelow(Multiplicities, double.NaN, dual);
            FixedPoint exact = Sum(g => dual[g] == 0 ? 0 : (FixedPoint)dual[g] * (1 - (FixedPoint)unit - FixedPoint.Log(dual[g])));
            Assert.True(below <= exact, $"run {run}: {below:R} above {exact}");
            Assert.True(exact - below <= 1e-13 * exact, $"run {run}: {below:R} far below {exact}");
        }

        // Probabilities that are something beside 1
        Assert.Equal(double.NegativeInfinity, CrossEntropyLoss.Instance.InUnit(-400).DualValueBelow([1], double.NaN, [Math.Exp(301)]));
        Assert.Equal(double.NegativeInfinity, CrossEntropyLoss.Instance.InUnit(-400).DualValueBelow([1], double.NaN, [-1e-9]));
    }

    [Fact]
    public void FenchelYoung_AnyDual_IsTheDivergenceByItsDefinition()
    {
        ILoss loss = CrossEntropyLoss.Instance.InUnit(-400);
        double[] gradient = [0.3, 2, 0, 1], dual = [0.4, 1e-3, 7, 1];
        FixedPoint exact = Sum(g => ((FixedPoint)dual[g] * (FixedPoint.Log(dual[g]) - FixedPoint.Log(gradient[g]))) - dual[g] + gradient[g]);
        Assertions.Near((double)exact, loss.FenchelYoung(double.NaN, gradient, Multiplicities, double.NaN, dual), 1e-14);
        Assert.Equal(0, loss.FenchelYoung(double.NaN, gradient, Multiplicities, double.NaN, gradient));
        Assert.Equal(gradient[0] * 3, loss.FenchelYoung(double.NaN, gradient, Multiplicities, double.NaN, [0, 2, 0, 1]), 1e-15);
        Assert.Equal(double.PositiveInfinity, loss.FenchelYoung(double.NaN, gradient, Multiplicities, double.NaN, [-1e-9, 2, 0, 1]));
        Assert.Equal(double.PositiveInfinity, loss.FenchelYoung(double.NaN, [0, 2, 0, 1], Multiplicities, double.NaN, gradient));
        Assert.Equal(double.PositiveInfinity, loss.FenchelYoung(double.NaN, gradient, Multiplicities, double.NaN, [double.NaN, 2, 0, 1]));
    }

    [Fact]
    public void RepairDual_NegativeEntries_AreCutOff()
    {
        double own = double.NaN;
        double[] dual = [0.5, -1, 3, 0.25];
        CrossEntropyLoss.Instance.InUnit(-400).RepairDual(Multiplicities, ref own, dual);
        Assert.Equal([0.5, 0, 3, 0.25], dual);
        Assert.Equal(-2, own);
    }

    private static FixedPoint Sum(Func<int, FixedPoint> term) =>
        Enumerable.Range(0, Multiplicities.Length).Where(g => Multiplicities[g] != 0).Aggregate((FixedPoint)0, (sum, g) => sum + (Multiplicities[g] * term(g)));
}
