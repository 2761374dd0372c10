using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

public sealed class CrossEntropyLossTests
{
    private const double Roundoff = 1e-14;
    private static readonly CrossEntropyLoss Loss = CrossEntropyLoss.Instance;

    [Fact]
    public void Value_EqualLogits_IsLogOfTheNumberOfClasses() =>
        Assertions.Near(Math.Log(10), Loss.Value(3, [3, 3], [4, 5]), Roundoff);

    [Fact]
    public void Value_KnownPoints_MatchesTwentyDigits()
    {
        // log(1 + e^{-1}), log(1 + e), log(1 + 2e^{-3} + 3e^{-1/2}), in decimal arithmetic
        Assertions.Near(0.31326168751822283405, Loss.Value(1, [0], [1]), Roundoff);
        Assertions.Near(1.3132616875182228340, Loss.Value(0, [1], [1]), Roundoff);
        double sum = (double)((2 * DecimalExp(-3)) + (3 * DecimalExp(-0.5m)));
        Assertions.Near(Math.Log(1 + sum), Loss.Value(0.5, [-2.5, 0], [2, 3]), Roundoff);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(300)]
    [InlineData(690)]
    public void Value_WideMargin_KeepsRelativePrecision(double margin)
    {
        // log(1 + x) = x(1 − x/2 + …) with x = 9·e^{−margin} below 1e-20: the loss is x to the last bit
        double expected = 9 * Math.Exp(-margin);
        Assertions.Near(expected, Loss.Value(margin, [0], [9]), Roundoff);
        double[] gradient = new double[1];
        Assertions.Near(expected, Loss.Gradient(margin, [0], [9], out double own, gradient), Roundoff);
        Assertions.Near(-expected, own, Roundoff, "own gradient");
        Assertions.Near(expected / 9, gradient[0], Roundoff, "gradient");
    }

    [Fact]
    public void Value_HugeLogits_NeitherOverflowsNorLosesTheMargin()
    {
        double[] gradient = new double[2];
        Assert.Equal(0, Loss.Value(1e4, [-1e4, 0], [1, 1]));
        Assertions.Near(2e4, Loss.Gradient(-1e4, [1e4, 0], [1, 1], out double own, gradient), Roundoff);
        Assert.Equal(-1, own);
        Assert.Equal([1, 0], gradient);
        Assertions.Near(2e4 + Math.Log(3), Loss.Value(-1e4, [1e4], [3]), Roundoff);
        // A shift of all logits by 1e4 costs the rounding of the logits, no more.
        Assertions.Near(Loss.Value(1, [0.5, -2], [3, 2]), Loss.Value(1e4 + 1, [1e4 + 0.5, 1e4 - 2], [3, 2]), 1e-11);
    }

    [Fact]
    public void Gradient_AlongALine_LeavesASecondOrderRemainder()
    {
        (double own, double[] logits, double[] multiplicities, double ownStep, double[] step) = Setting();
        double[] gradient = new double[3];
        double value = Loss.Gradient(own, logits, multiplicities, out double ownGradient, gradient);
        Assert.Equal(Loss.Value(own, logits, multiplicities), value, Roundoff);
        double slope = (ownGradient * ownStep) + Weighted(multiplicities, gradient, step);
        double[] remainders = Steps.Select(t => Math.Abs(Loss.Value(own + (t * ownStep), Moved(logits, t, step), multiplicities) - value - (t * slope))).ToArray();
        AssertOrder(2, remainders);
    }

    [Fact]
    public void CurvatureProduct_AlongALine_LeavesASecondOrderRemainderOfTheGradient()
    {
        (double own, double[] logits, double[] multiplicities, double ownStep, double[] step) = Setting();
        double[] gradient = new double[3], moved = new double[3], product = new double[3];
        Loss.Gradient(own, logits, multiplicities, out double ownGradient, gradient);
        Loss.CurvatureProduct(ownGradient, gradient, multiplicities, ownStep, step, out double ownProduct, product);
        AssertOrder(2, Steps.Select(t =>
        {
            Loss.Gradient(own + (t * ownStep), Moved(logits, t, step), multiplicities, out double ownMoved, moved);
            double error = Math.Abs(ownMoved - ownGradient - (t * ownProduct));
            return Math.Max(error, Enumerable.Range(0, 3).Max(g => Math.Abs(moved[g] - gradient[g] - (t * product[g]))));
        }).ToArray());
    }

    [Fact]
    public void CurvatureProduct_ConstantDirection_IsZero()
    {
        (double own, double[] logits, double[] multiplicities, _, _) = Setting();
        double[] gradient = new double[3], product = new double[3];
        Loss.Gradient(own, logits, multiplicities, out double ownGradient, gradient);
        Loss.CurvatureProduct(ownGradient, gradient, multiplicities, 1, [1, 1, 1], out double ownProduct, product);
        Assert.Equal(0, ownProduct);
        Assert.Equal([0, 0, 0], product);
    }

    [Fact]
    public void Gradient_RepeatedEntries_EqualMultiplicities()
    {
        double[] merged = new double[2], repeated = new double[5];
        double value = Loss.Gradient(0.3, [1.2, -0.7], [3, 2], out double own, merged);
        double same = Loss.Gradient(0.3, [1.2, 1.2, 1.2, -0.7, -0.7], [1, 1, 1, 1, 1], out double ownSame, repeated);
        Assertions.Near(value, same, Roundoff);
        Assertions.Near(own, ownSame, Roundoff);
        Assertions.Near(merged[0], repeated[2], Roundoff);
        Assertions.Near(merged[1], repeated[3], Roundoff);
        double[] product = new double[2], products = new double[5];
        Loss.CurvatureProduct(own, merged, [3, 2], 0.4, [-1, 2], out double ownProduct, product);
        Loss.CurvatureProduct(ownSame, repeated, [1, 1, 1, 1, 1], 0.4, [-1, -1, -1, 2, 2], out double ownProducts, products);
        Assertions.Near(ownProduct, ownProducts, 1e-13);
        Assertions.Near(product[1], products[4], 1e-13);
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(-1e6)]
    [InlineData(1e300)]
    public void Gradient_EntryOfMultiplicityZero_IsIgnored(double garbage)
    {
        double[] gradient = new double[2], alone = new double[1];
        double value = Loss.Gradient(0.3, [garbage, -0.7], [0, 2], out double own, gradient);
        Assert.Equal(Loss.Gradient(0.3, [-0.7], [2], out double ownAlone, alone), value, Roundoff);
        Assert.Equal(Loss.Value(0.3, [-0.7], [2]), Loss.Value(0.3, [garbage, -0.7], [0, 2]), Roundoff);
        Assertions.Near(ownAlone, own, Roundoff);
        Assertions.Near(alone[0], gradient[1], Roundoff);
        Assert.True(double.IsFinite(gradient[0]));
    }

    // A series below 0.03; beyond it rounding 1 + δ costs 10⁻¹⁶/(δ²/2)
    [Fact]
    public void Divergence_AnySize_KeepsItsRelativeAccuracy()
    {
        for (int i = 0; i < 400; i++)
        {
            double size = Math.Pow(10, -12 * i / 400.0);
            foreach (double delta in new[] { size, -size * (1 - 1e-9), 3 * size })
            {
                FixedPoint one = 1 + (FixedPoint)delta, exact = (one * FixedPoint.Log(one)) - delta;
                Assertions.Near((double)exact, CrossEntropyLoss.Divergence(delta), Math.Abs(delta) < 0.03 ? 2e-15 : 3e-13, $"{delta}");
            }
        }

        Assert.Equal(1, CrossEntropyLoss.Divergence(-1));
    }

    [Fact]
    public void FenchelYoung_AnyDual_IsTheDivergenceByItsDefinition()
    {
        (double own, double[] logits, double[] multiplicities, _, _) = Setting();
        double[] q = new double[3], p = [0.1, 0.05, 0.2];
        Loss.Gradient(own, logits, multiplicities, out double ownGradient, q);
        double ownP = 1 - Weighted(multiplicities, p, [1, 1, 1]), ownQ = 1 + ownGradient;
        double expected = (ownP * Math.Log(ownP / ownQ)) + Enumerable.Range(0, 3).Sum(g => multiplicities[g] * p[g] * Math.Log(p[g] / q[g]));
        Assertions.Near(expected, Loss.FenchelYoung(ownGradient, q, multiplicities, double.NaN, p), 1e-12);
    }

    [Fact]
    public void FenchelYoung_SmallDifference_IsOfSecondOrderWithoutCancellation()
    {
        (double own, double[] logits, double[] multiplicities, _, _) = Setting();
        double[] q = new double[3];
        Loss.Gradient(own, logits, multiplicities, out double ownGradient, q);
        Assert.Equal(0, Loss.FenchelYoung(ownGradient, q, multiplicities, double.NaN, q));
        foreach (double epsilon in new[] { 1e-3, 1e-6, 1e-9 })
        {
            // KL(q + εd‖q) = (ε²/2)(Σ m d²/q + (Σ m d)²/q_own) + O(ε³)
            double[] d = [0.1, -0.2, 0.15], p = Moved(q, epsilon, d);
            double sum = Weighted(multiplicities, d, [1, 1, 1]);
            double leading = Enumerable.Range(0, 3).Sum(g => multiplicities[g] * d[g] * d[g] / q[g]) + (sum * sum / (1 + ownGradient));
            Assertions.Near(epsilon * epsilon / 2 * leading, Loss.FenchelYoung(ownGradient, q, multiplicities, double.NaN, p), (10 * epsilon) + 1e-6);
        }
    }

    [Fact]
    public void FenchelYoung_OutsideTheSimplex_IsInfinite()
    {
        double[] q = new double[2];
        Loss.Gradient(0, [0.5, -0.5], [2, 1], out double own, q);
        Assert.Equal(double.PositiveInfinity, Loss.FenchelYoung(own, q, [2, 1], double.NaN, [-0.01, 0.1]));
        Assert.Equal(double.PositiveInfinity, Loss.FenchelYoung(own, q, [2, 1], double.NaN, [0.5, 0.1]));
        Assert.True(double.IsFinite(Loss.FenchelYoung(own, q, [2, 1], double.NaN, [0.5, 0])));
    }

    [Fact]
    public void RepairDual_OutsideTheSimplex_MovesInsideAndLeavesTheRest()
    {
        double[] inside = [0.2, 0.1], outside = [0.6, -0.3];
        double own = double.NaN;
        Loss.RepairDual([2, 1], ref own, inside);
        Assertions.Near(-0.5, own, Roundoff);
        Assert.Equal([0.2, 0.1], inside);
        Loss.RepairDual([2, 1], ref own, outside);
        Assert.Equal(-1, own);
        Assert.Equal([0.5, 0], outside);
    }

    [Theory]
    [InlineData(8, 9)]
    [InlineData(9, 8)]
    public void Gradient_SpanTooShort_IsRefused(int multiplicities, int gradient) =>
        Assert.ThrowsAny<ArgumentException>(() => Loss.Gradient(1, new double[9], new double[multiplicities], out _, new double[gradient]));

    private static double[] Steps => [1e-1, 1e-2, 1e-3];

    private static (double Own, double[] Logits, double[] Multiplicities, double OwnStep, double[] Step) Setting() =>
        (0.4, [1.1, -0.6, 0.2], [2, 3, 1], 0.7, [-0.5, 1.3, 0.4]);

    private static double[] Moved(double[] point, double factor, double[] direction) =>
        point.Zip(direction, (x, d) => x + (factor * d)).ToArray();

    private static double Weighted(double[] multiplicities, double[] left, double[] right) =>
        Enumerable.Range(0, left.Length).Sum(g => multiplicities[g] * left[g] * right[g]);

    private static void AssertOrder(int order, double[] remainders)
    {
        for (int i = 1; i < remainders.Length; i++)
        {
            Assert.InRange(Math.Log10(remainders[i - 1] / remainders[i]), order - 0.3, order + 0.3);
        }
    }

    private static decimal DecimalExp(decimal x)
    {
        decimal sum = 1, term = 1;
        for (int i = 1; i < 60; i++)
        {
            term *= x / i;
            sum += term;
        }

        return sum;
    }
}
