using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

public sealed class SquaredErrorLossTests
{
    private const double Roundoff = 1e-14;
    private static readonly SquaredErrorLoss Loss = SquaredErrorLoss.Instance;
    private static readonly double[] Multiplicities = [3, 0, 1];

    [Fact]
    public void Value_ByHand_IsHalfTheSquaredDistanceFromTheTarget()
    {
        // ½((0.5 − 1)² + 3·0.2² + 0.4²); what has multiplicity zero does not count
        Assertions.Near(0.5 * (0.25 + 0.12 + 0.16), Loss.Value(0.5, [0.2, 7, -0.4], Multiplicities), Roundoff);
        Assert.Equal(0, Loss.Value(1, [0, 7, 0], Multiplicities));
    }

    [Fact]
    public void Gradient_AndCurvature_AreExactForAQuadratic()
    {
        double[] logits = [0.2, 7, -0.4], step = [0.3, 1, -0.7], gradient = new double[3], product = new double[3], moved = new double[3];
        double value = Loss.Gradient(0.5, logits, Multiplicities, out double own, gradient);
        Loss.CurvatureProduct(own, gradient, Multiplicities, 0.9, step, out double ownProduct, product);
        double slope = (own * 0.9) + Weighted(gradient, step), curvature = (ownProduct * 0.9) + Weighted(product, step);
        for (int i = 0; i < 3; i++)
        {
            moved[i] = logits[i] + step[i];
        }

        Assert.Equal(Loss.Value(0.5, logits, Multiplicities), value);
        Assertions.Near(value + slope + (0.5 * curvature), Loss.Value(1.4, moved, Multiplicities), Roundoff);
        Assert.Equal(1, Loss.ConstantCurvature);
    }

    [Fact]
    public void FenchelYoung_AnyDual_IsTheLossPlusItsConjugateMinusTheProduct()
    {
        double[] logits = [0.2, 7, -0.4], dual = [-0.6, 3, 0.1], gradient = new double[3];
        double value = Loss.Gradient(0.5, logits, Multiplicities, out double own, gradient);
        // L*(y) = y_own + ½·y_own² + ½Σ m·y²
        double conjugate = 0.8 + (0.5 * 0.64) + (0.5 * ((3 * 0.36) + 0.01)), product = (0.8 * 0.5) + Weighted(dual, logits);
        Assertions.Near(value + conjugate - product, Loss.FenchelYoung(own, gradient, Multiplicities, 0.8, dual), Roundoff);
        Assert.Equal(0, Loss.FenchelYoung(own, gradient, Multiplicities, own, gradient));
    }

    [Fact]
    public void RepairDual_AnyDual_IsLeftAsItIs()
    {
        double[] dual = [-0.6, 3, 0.1];
        double own = 0.8;
        Loss.RepairDual(Multiplicities, ref own, dual);
        Assert.Equal(0.8, own);
        Assert.Equal([-0.6, 3, 0.1], dual);
    }

    [Fact]
    public void Bounds_RandomPoints_HoldInExactArithmetic()
    {
        var random = new Random(5);
        for (int run = 0; run < 2000; run++)
        {
            int n = random.Next(0, 9);
            double size = Math.Pow(10, (8 * random.NextDouble()) - 4);
            double[] values = Draw(), errors = Array.ConvertAll(Draw(), Math.Abs), multiplicities = Array.ConvertAll(Draw(), _ => (double)random.Next(0, 4));
            double own = run % 2 == 0 ? 1 + (1e-9 * random.NextDouble()) : size * RandomPoints.Normal(random), ownError = 1e-12 * random.NextDouble();
            FixedPoint above = Square(own, ownError, -1), conjugate = own + (FixedPoint)own * own / 2;
            for (int g = 0; g < n; g++)
            {
                above += multiplicities[g] * Square(values[g], errors[g], 0);
                conjugate += multiplicities[g] * ((FixedPoint)values[g] * values[g]) / 2;
            }

            double bound = Loss.ValueAbove(own, values, multiplicities, ownError, errors), below = Loss.DualValueBelow(multiplicities, own, values);
            Assert.True(bound >= above, $"run {run}: {bound:R} below {above}");
            Assert.True(bound - above <= (1e-14 * bound) + 1e-290, $"run {run}: {bound:R} far above {above}");
            Assert.True(below <= -conjugate, $"run {run}: {below:R} above {-conjugate}");
            Assert.True(-conjugate - below <= 1e-14 * (1 + (own * own) + bound), $"run {run}: {below:R} far below {-conjugate}");

            double[] Draw() => Enumerable.Range(0, n).Select(_ => size * RandomPoints.Normal(random)).ToArray();
        }

        static FixedPoint Square(double value, double error, double target)
        {
            FixedPoint distance = (FixedPoint)value + target;
            distance = (distance < 0 ? -distance : distance) + error;
            return distance * distance / 2;
        }
    }

    [Fact]
    public void LargestLogit_PointsOfALoss_DoNotExceedIt()
    {
        var random = new Random(8);
        for (int run = 0; run < 200; run++)
        {
            double[] logits = [RandomPoints.Normal(random), RandomPoints.Normal(random)];
            double own = 3 * RandomPoints.Normal(random), largest = Loss.LargestLogit(Loss.Value(own, logits, [1, 2]));
            Assert.All(logits.Append(own), z => Assert.True(Math.Abs(z) <= largest));
            Assert.All(logits, z => Assert.True(z - own <= CrossEntropyLoss.Instance.LargestLogit(CrossEntropyLoss.Instance.Value(own, logits, [1, 2]))));
        }
    }

    private static double Weighted(double[] x, double[] y) => Enumerable.Range(0, 3).Sum(i => Multiplicities[i] * x[i] * y[i]);
}
