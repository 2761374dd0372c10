using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>What every loss of the catalogue promises of its value, derivatives, conjugate and bounds.</summary>
public sealed class LossContractTests
{
    private const double Roundoff = 1e-12;

    // Of central differences with a step of 1e-5
    private const double Differences = 1e-8;
    private static readonly double[] Multiplicities = [2, 1, 4];
    private static readonly double[] Counts = [40, 10, 5];

    private static readonly string[] Names =
    [
        "cross-entropy", "squared-error", "vs:gamma=0.3,tau=1", "vs:gamma=-0.4,tau=-0.5", "cdt:gamma=0.3", "ldt:gamma=0.3", "ldt:gamma=0.3,tau=1.5", "la:tau=1",
        "balanced-softmax", "ldam:c=0.7", "temperature:value=2.5", "smoothing:epsilon=0.1", "smoothing:epsilon=0.8", "ovr", "hinge:smoothing=0.1", "hinge:smoothing=4",
        "focal:gamma=2", "focal:gamma=0.5",
    ];

    public static TheoryData<string> All => [.. Names];

    public static TheoryData<string> Convex => [.. Names.Where(name => LossCatalog.Parse(name).IsConvex)];

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_AndCurvature_AreTheSlopesOfValueAndGradient(string name)
    {
        var random = new Random(3);
        for (int run = 0; run < 60; run++)
        {
            (ILoss loss, double own, double[] logits) = Draw(name, random, 1.5);
            double[] direction = Normals(random, 3), gradient = new double[3], product = new double[3];
            double ownDirection = RandomPoints.Normal(random);
            double value = loss.Gradient(own, logits, Multiplicities, out double ownGradient, gradient);
            loss.CurvatureProduct(own, logits, ownGradient, gradient, Multiplicities, ownDirection, direction, out double ownProduct, product);
            double[] changes = SlopesBetween(loss, own, logits, ownDirection, direction, 1e-5);
            Assertions.Within(loss.Value(own, logits, Multiplicities), value, Roundoff * (1 + Math.Abs(value)));
            Assertions.Within(changes[0], (ownGradient * ownDirection) + Weighted(gradient, direction), Differences * 10, $"slope {run}");
            Assertions.Within(changes[1], ownProduct, Differences * 100, $"curvature {run}");
            for (int g = 0; g < 3; g++)
            {
                Assertions.Within(changes[2 + g], product[g], Differences * 100, $"curvature {run} in {g}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Convex))]
    public void FenchelYoung_AnyDual_IsTheLossAndItsConjugateLessTheProduct(string name)
    {
        var random = new Random(4);
        for (int run = 0; run < 200; run++)
        {
            (ILoss loss, double own, double[] logits) = Draw(name, random, 2);
            double[] dual = [Uniform(random), Uniform(random), Uniform(random)], gradient = new double[3];
            double value = loss.Gradient(own, logits, Multiplicities, out double ownGradient, gradient), ownDual = Uniform(random);
            Assertions.Within(0, Remainder(ownGradient, gradient), 1e-14 * (1 + value));
            loss.RepairDual(Multiplicities, ref ownDual, dual);
            dual = dual.Select(y => y * (1 - 1e-14)).ToArray();
            ownDual = loss.OwnDual(Multiplicities, ownDual, dual, out _);
            double remainder = Remainder(ownDual, dual), conjugate = -loss.DualValueBelow(Multiplicities, ownDual, dual);
            Assert.True(remainder >= 0);
            // The own probability, some e^−L, is what the others leave of 1.
            Assertions.Within(value + conjugate - (ownDual * own) - Weighted(dual, logits), remainder, (Roundoff * (1 + value)) + (1e-15 * Math.Exp(value)));

            double Remainder(double ownEntry, double[] others) => loss.FenchelYoung(own, logits, ownGradient, gradient, Multiplicities, ownEntry, others);
        }
    }

    // An open gap closes where a conjugate is too small: no z may lie above the bound that a dual gives.
    [Theory]
    [MemberData(nameof(Convex))]
    public void DualValueBelow_AnyDualAndAnyPoint_IsBelowTheLossLessTheProduct(string name)
    {
        var random = new Random(5);
        for (int run = 0; run < 200; run++)
        {
            (ILoss loss, double own, double[] logits) = Draw(name, random, 2);
            double[] dual = [Uniform(random), Uniform(random), Uniform(random)];
            double ownDual = Uniform(random);
            loss.RepairDual(Multiplicities, ref ownDual, dual);
            dual = dual.Select(y => y * (1 - 1e-14)).ToArray();
            ownDual = loss.OwnDual(Multiplicities, ownDual, dual, out _);
            double below = loss.DualValueBelow(Multiplicities, ownDual, dual);
            Assert.False(double.IsNaN(below));
            Assert.True(below <= loss.Value(own, logits, Multiplicities) - (ownDual * own) - Weighted(dual, logits) + Roundoff);
        }
    }

    [Theory]
    [MemberData(nameof(Convex))]
    public void DualValueBelow_OutsideTheDomain_IsNegativelyInfinite(string name)
    {
        var random = new Random(6);
        (ILoss loss, double own, double[] logits) = Draw(name, random, 1);
        if (loss is SquaredErrorLoss)
        {
            return;
        }

        foreach (double[] dual in new double[][] { [-2, 0.1, 0.1], [3, 2, 1.5] })
        {
            double[] gradient = new double[3];
            loss.Gradient(own, logits, Multiplicities, out double ownGradient, gradient);
            double ownDual = loss.OwnDual(Multiplicities, -0.5, dual, out _);
            Assert.Equal(double.NegativeInfinity, loss.DualValueBelow(Multiplicities, ownDual, dual));
            Assert.Equal(double.PositiveInfinity, loss.FenchelYoung(own, logits, ownGradient, gradient, Multiplicities, ownDual, dual));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Value_RepeatedAndMissingEntries_CountByTheirMultiplicity(string name)
    {
        ILoss family = LossCatalog.Parse(name), merged = family.OfClass([3, 1, 4], Counts, 0), apart = family.OfClass([3, 1, 1, 3, 0], [40, 10, 5, 5, 7], 0);
        double[] gradient = new double[3], others = new double[5];
        double value = merged.Gradient(0.4, [-0.3, 0.8, 0.1], [2, 1, 4], out double own, gradient);
        Assertions.Within(value, apart.Gradient(0.4, [-0.3, 0.8, 0.1, 0.1, 9], [2, 1, 1, 3, 0], out double ownApart, others), Roundoff);
        Assertions.Within(value, apart.Value(0.4, [-0.3, 0.8, 0.1, 0.1, 9], [2, 1, 1, 3, 0]), Roundoff);
        Assertions.Within(own, ownApart, Roundoff);
        Assert.All(new[] { (0, 0), (1, 1), (2, 2), (2, 3) }, pair => Assertions.Within(gradient[pair.Item1], others[pair.Item2], Roundoff));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void OfClass_ParametersThatAreNotOfClasses_IsTheLossItself(string name)
    {
        ILoss loss = LossCatalog.Parse(name);
        Assert.Equal(!loss.DependsOnClass, ReferenceEquals(loss, loss.OfClass([3, 1, 4], Counts, 1)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Value_EntryOfNoClasses_MayHoldAnything(string name)
    {
        ILoss loss = LossCatalog.Parse(name).OfClass([3, 1, 4], Counts, 0);
        double[] gradient = new double[3];
        double expected = loss.Value(0.4, [-0.3, 0.8, 0.1], [2, 1, 0]);
        foreach (double anything in new[] { 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.Equal(expected, loss.Value(0.4, [-0.3, 0.8, anything], [2, 1, 0]));
            Assertions.Within(expected, loss.Gradient(0.4, [-0.3, 0.8, anything], [2, 1, 0], out double own, gradient), Roundoff);
            Assert.True(double.IsFinite(own) && gradient[..2].All(double.IsFinite));
            Assert.True(loss.ValueAbove(0.4, [-0.3, 0.8, anything], [2, 1, 0], 0, [0, 0, 0]) is double above && (!double.IsFinite(above) || above >= expected * (1 - Roundoff)), $"{anything}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Traits_RandomPoints_Hold(string name)
    {
        var random = new Random(7);
        bool shifts = true, convex = true;
        for (int run = 0; run < 300; run++)
        {
            (ILoss loss, double own, double[] logits) = Draw(name, random, 3);
            double value = loss.Value(own, logits, Multiplicities);
            shifts &= Math.Abs(loss.Value(own + 2, logits.Select(z => z + 2).ToArray(), Multiplicities) - value) <= Roundoff * (1 + value);
            double[] direction = Normals(random, 3), gradient = new double[3], product = new double[3];
            double ownDirection = RandomPoints.Normal(random);
            loss.Gradient(own, logits, Multiplicities, out double ownGradient, gradient);
            loss.CurvatureProduct(own, logits, ownGradient, gradient, Multiplicities, ownDirection, direction, out double ownProduct, product);
            convex &= (ownProduct * ownDirection) + Weighted(product, direction) >= -Roundoff;
            Assert.True(value >= 0 || !loss.IsNonNegative);
            double largest = loss.LargestLogit(value);
            Assert.All(logits, z => Assert.True((loss.IsShiftInvariant ? z - own : Math.Abs(z)) <= largest));
            Assert.True(loss.Value(own, logits, Multiplicities) >= LeastValue(loss) - Roundoff);
        }

        ILoss family = LossCatalog.Parse(name);
        Assert.Equal((shifts, convex), (family.IsShiftInvariant, family.IsConvex));
    }

    // κ is the slope of the loss along the spread of a group, where its classes are together.
    [Theory]
    [MemberData(nameof(All))]
    public void CollapseFactor_SiblingsTogether_IsTheSlopeOfTheirSpread(string name)
    {
        var random = new Random(8);
        var slopes = new List<double>();
        for (int run = 0; run < 20; run++)
        {
            double[] logits = Normals(random, 3), gradient = new double[3];
            ILoss loss = LossCatalog.Parse(name).OfClass([3, 1, 4], Counts, 0);
            loss.Gradient(logits[0], logits, Multiplicities, out double own, gradient);
            slopes.Add(gradient[0] - own);
            if (!double.IsNaN(loss.CollapseFactor))
            {
                Assertions.Near(loss.CollapseFactor, slopes[^1], Roundoff);
            }
        }

        Assert.Equal(double.IsNaN(LossCatalog.Parse(name).OfClass([3, 1, 4], Counts, 0).CollapseFactor), slopes.Max() - slopes.Min() > 1e-3);
    }

    // At the logits where a loss is least
    private static double LeastValue(ILoss loss)
    {
        double own = loss.LeastAt(8);
        return double.IsFinite(own) ? loss.Value(own, new double[3], Multiplicities) : 0;
    }

    private static (ILoss Loss, double Own, double[] Logits) Draw(string name, Random random, double size)
    {
        int own = random.Next(3);
        double[] classes = (double[])Multiplicities.Clone();
        classes[own]++;
        return (LossCatalog.Parse(name).OfClass(classes, Counts, own), size * RandomPoints.Normal(random), Normals(random, 3).Select(z => size * z).ToArray());
    }

    // Slope of the value, then of the gradient: own and others
    private static double[] SlopesBetween(ILoss loss, double own, double[] logits, double ownDirection, double[] direction, double step)
    {
        double[] low = new double[3], high = new double[3];
        double[] Moved(double t) => logits.Select((z, g) => z + (t * direction[g])).ToArray();
        double below = loss.Gradient(own - (step * ownDirection), Moved(-step), Multiplicities, out double ownLow, low);
        double above = loss.Gradient(own + (step * ownDirection), Moved(step), Multiplicities, out double ownHigh, high);
        return [(above - below) / (2 * step), (ownHigh - ownLow) / (2 * step), .. Enumerable.Range(0, 3).Select(g => (high[g] - low[g]) / (2 * step))];
    }

    private static double Uniform(Random random) => (1.5 * random.NextDouble()) - 0.5;

    private static double[] Normals(Random random, int count) => Enumerable.Range(0, count).Select(_ => RandomPoints.Normal(random)).ToArray();

    private static double Weighted(double[] x, double[] y) => Enumerable.Range(0, 3).Sum(i => Multiplicities[i] * x[i] * y[i]);
}
