using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

public sealed class SoftTargetLossTests
{
    private const int Tokens = 9;
    private const int Rows = 11;

    // One column: tokens 1, 4, 5 and 8 have the counts 3, 1, 7 and 2 of 13; rows 9 and 10 are no tokens.
    private static readonly (int Token, double Count)[] Counts = [(1, 3), (4, 1), (5, 7), (8, 2)];
    private static readonly ITargetLoss Target = (ITargetLoss)Loss();

    private static ILoss Loss()
    {
        var targets = new TargetColumns(Tokens, [0, Counts.Length], [.. Counts.Select(c => c.Token)], [.. Counts.Select(c => c.Count / 13)]);
        return new SoftTargetLoss(targets).OfClass([], [], 0);
    }

    [Fact]
    public void OwnRow_IsTheLikeliest() => Assert.Equal(5, Target.OwnRow);

    [Fact]
    public void Gradient_AgreesWithDifferencesAndWithTheDefinition()
    {
        var random = new Random(4);
        ILoss loss = Loss();
        for (int run = 0; run < 50; run++)
        {
            (double own, double[] z) = Draw(random, Math.Pow(10, (run % 4) - 2));
            double[] gradient = new double[Rows], scratch = new double[Rows];
            double value = loss.Gradient(own, z, Multiplicities(), out double ownGradient, gradient);
            Assertions.Near((double)Exact(own, z), value, 1e-13, "value");
            Assertions.Near(value, loss.Value(own, z, Multiplicities()), 1e-15, "value alone");
            Assert.Equal(0, gradient[9]);
            const double Step = 1e-5;
            for (int j = 0; j < Tokens; j++)
            {
                double[] up = (double[])z.Clone(), down = (double[])z.Clone();
                (up[j], down[j]) = (z[j] + Step, z[j] - Step);
                double slope = j == 5 ? (loss.Value(own + Step, z, Multiplicities()) - loss.Value(own - Step, z, Multiplicities())) / (2 * Step)
                    : (loss.Value(own, up, Multiplicities()) - loss.Value(own, down, Multiplicities())) / (2 * Step);
                Assertions.Within(slope, j == 5 ? ownGradient : gradient[j], 1e-8, $"slope {j}");
            }

            // ∇²L·d by differences of gradients
            (double ownDirection, double[] d) = Draw(random, 1);
            double[] product = new double[Rows], later = new double[Rows];
            loss.CurvatureProduct(ownGradient, gradient, Multiplicities(), ownDirection, d, out double ownProduct, product);
            loss.Gradient(own + (Step * ownDirection), z.Zip(d, (x, y) => x + (Step * y)).ToArray(), Multiplicities(), out double ownLater, later);
            loss.Gradient(own - (Step * ownDirection), z.Zip(d, (x, y) => x - (Step * y)).ToArray(), Multiplicities(), out double ownEarlier, scratch);
            Assertions.Within((ownLater - ownEarlier) / (2 * Step), ownProduct, 1e-8, "own curvature");
            for (int j = 0; j < Tokens; j++)
            {
                Assertions.Within((later[j] - scratch[j]) / (2 * Step), product[j], 1e-8, $"curvature {j}");
            }
        }
    }

    [Fact]
    public void Value_NearTheTarget_KeepsItsRelativeAccuracy()
    {
        // z = log t + tiny, on every token: a full target
        double[] counts = [5, 4, 3, 2, 1, 6, 7, 8, 9];
        ILoss loss = new SoftTargetLoss(new TargetColumns(Tokens, [0, Tokens], [.. Enumerable.Range(0, Tokens)], [.. counts.Select(c => c / 45)])).OfClass([], [], 0);
        double[] z = [.. counts.Select((c, j) => Math.Log(c) + (j == 3 ? 1e-6 : 0))];
        int own = ((ITargetLoss)loss).OwnRow;
        double[] multiplicities = Enumerable.Repeat(1.0, Tokens).ToArray();
        multiplicities[own] = 0;
        // KL ≈ ½·p(1 − p)·δ², p = 2/45
        Assertions.Near(0.5 * (2.0 / 45) * (43.0 / 45) * 1e-12, loss.Value(z[own], z, multiplicities), 1e-5, "KL");
    }

    [Fact]
    public void FenchelYoung_IsZeroAtTheGradientAndPositiveElsewhere()
    {
        var random = new Random(8);
        ILoss loss = Loss();
        for (int run = 0; run < 100; run++)
        {
            (double own, double[] z) = Draw(random, 2);
            double[] gradient = new double[Rows];
            double value = loss.Gradient(own, z, Multiplicities(), out double ownGradient, gradient);
            Assert.Equal(0, loss.FenchelYoung(ownGradient, gradient, Multiplicities(), ownGradient, gradient));
            // any other distribution less the target
            (double ownDual, double[] dual) = Dual(random);
            double remainder = loss.FenchelYoung(ownGradient, gradient, Multiplicities(), ownDual, dual), inner = ownDual * own;
            for (int j = 0; j < Tokens; j++)
            {
                inner += j == 5 ? 0 : dual[j] * z[j];
            }

            // L(z) + L*(y) − ⟨y, z⟩
            Assertions.Within(value - (double)ExactDualValue(dual) - inner, remainder, 1e-12 * (1 + Math.Abs(inner)), "remainder");
            Assert.True(remainder > 0);
        }

        double[] outside = new double[Rows];
        outside[1] = -0.3;
        double[] slope = new double[Rows];
        loss.Gradient(0, new double[Rows], Multiplicities(), out double ownSlope, slope);
        Assert.Equal(double.PositiveInfinity, loss.FenchelYoung(ownSlope, slope, Multiplicities(), 0.3, outside));
    }

    [Fact]
    public void RepairDual_AnyNumbers_AreBroughtIntoTheDomainWithABound()
    {
        var random = new Random(2);
        ILoss loss = Loss();
        for (int run = 0; run < 200; run++)
        {
            double[] dual = Enumerable.Range(0, Rows).Select(j => j == 5 ? 0 : Math.Pow(10, -3 * random.NextDouble()) * RandomPoints.Normal(random)).ToArray();
            double own = RandomPoints.Normal(random);
            loss.RepairDual(Multiplicities(), ref own, dual);
            Assertions.Within(0, own + dual.Sum(), 1e-15 * Rows, "sum");
            Assert.Equal(0, dual[9]);
            double below = loss.DualValueBelow(Multiplicities(), own, dual);
            Assert.True(double.IsFinite(below) || own + (7.0 / 13) < 1e-13);
        }
    }

    // No tolerance: a bound is one or is not.
    [Fact]
    public void ValueAboveAndDualValueBelow_AgainstExactArithmetic_AreBounds()
    {
        var random = new Random(31);
        ILoss loss = Loss();
        for (int run = 0; run < 500; run++)
        {
            (double own, double[] z) = Draw(random, Math.Pow(10, (run % 5) - 2));
            double error = run % 2 == 0 ? 0 : 1e-12;
            double[] errors = Enumerable.Repeat(error, Rows).ToArray();
            double above = loss.ValueAbove(own, z, Multiplicities(), error, errors);
            double[] moved = z.Select(x => x + (error * ((2 * random.NextDouble()) - 1))).ToArray();
            FixedPoint exact = Exact(own, moved);
            Assert.True(above >= exact, $"run {run}: {above:R} below {exact}");
            Assert.True(above - exact <= 1e-12 * (1 + Math.Abs(own)) + (4 * error), $"run {run}: {above:R} far above {exact}");
            (double ownDual, double[] dual) = Dual(random);
            double below = loss.DualValueBelow(Multiplicities(), ownDual, dual);
            FixedPoint dualValue = ExactDualValue(dual);
            Assert.True(below <= dualValue, $"run {run}: {below:R} above {dualValue}");
            Assert.True(dualValue - below <= 1e-12, $"run {run}: {below:R} far below {dualValue}");
        }
    }

    private static double[] Multiplicities()
    {
        double[] multiplicities = Enumerable.Repeat(1.0, Rows).ToArray();
        multiplicities[5] = 0;
        return multiplicities;
    }

    private static (double Own, double[] Others) Draw(Random random, double scale)
    {
        double[] z = Enumerable.Range(0, Rows).Select(_ => scale * RandomPoints.Normal(random)).ToArray();
        return (scale * RandomPoints.Normal(random), z);
    }

    // p̂ − t for a random distribution p̂
    private static (double Own, double[] Others) Dual(Random random)
    {
        double[] p = Enumerable.Range(0, Tokens).Select(_ => Math.Pow(random.NextDouble(), 4) + 1e-6).ToArray();
        double total = p.Sum();
        double[] dual = new double[Rows];
        for (int j = 0; j < Tokens; j++)
        {
            dual[j] = (p[j] / total) - Array.Find(Counts, c => c.Token == j).Count / 13;
        }

        double own = dual[5];
        dual[5] = 0;
        return (own, dual);
    }

    // log Σ exp(z) − Σ t·z − H(t) with t = n/13
    private static FixedPoint Exact(double own, double[] z)
    {
        FixedPoint sum = FixedPoint.Exp(own), linear = default, entropy = default;
        for (int j = 0; j < Tokens; j++)
        {
            sum += j == 5 ? default : FixedPoint.Exp(z[j]);
        }

        foreach ((int token, double count) in Counts)
        {
            FixedPoint t = (FixedPoint)count / 13;
            linear += t * (token == 5 ? own : z[token]);
            entropy -= t * FixedPoint.Log(t);
        }

        return FixedPoint.Log(sum) - linear - entropy;
    }

    // Σ −p̂·log p̂ − H(t), p̂ = t + y on the others, and what is left on the own token
    private static FixedPoint ExactDualValue(double[] dual)
    {
        FixedPoint left = 1, value = default;
        for (int j = 0; j < Tokens; j++)
        {
            FixedPoint t = (FixedPoint)Array.Find(Counts, c => c.Token == j).Count / 13;
            value += t > default(FixedPoint) ? t * FixedPoint.Log(t) : default;
            if (j != 5)
            {
                FixedPoint p = t + dual[j];
                left -= p;
                value -= p * FixedPoint.Log(p);
            }
        }

        return value - (left * FixedPoint.Log(left));
    }
}
