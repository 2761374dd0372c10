using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>A loss that knows its class, by itself and through every method.</summary>
public sealed class LogitAdjustedLossTests
{
    private const double Roundoff = 1e-13;
    private static readonly double[] Multiplicities = [2, 1, 4];
    private static readonly double[] Counts = [40, 10, 5];

    [Fact]
    public void Value_ByDefinition_IsCrossEntropyOfTheAdjustedLogits()
    {
        ILoss loss = Loss(1);
        // δ = (10/40)^0.3 and ι_k = 1.5·log(n_k/N), N = 2·40 + 2·10 + 4·5: the own class is one of two
        double delta = Math.Pow(0.25, 0.3);
        double[] logits = [0.3, -0.2, 0.9], adjusted = logits.Select((z, g) => (delta * z) + (1.5 * Math.Log(Counts[g] / 120))).ToArray();
        double own = (delta * 0.7) + (1.5 * Math.Log(10.0 / 120));
        double expected = Math.Log(1 + Enumerable.Range(0, 3).Sum(g => Multiplicities[g] * Math.Exp(adjusted[g] - own)));
        Assertions.Near(expected, loss.Value(0.7, logits, Multiplicities), Roundoff);
        Assertions.Near(delta, loss.CollapseFactor, Roundoff);
    }

    [Fact]
    public void Gradient_AndCurvature_LeaveTheRemaindersOfTheirOrder()
    {
        ILoss loss = Loss(2);
        double[] logits = [0.3, -0.2, 0.9], step = [1, -0.5, 0.7], gradient = new double[3], product = new double[3];
        double value = loss.Gradient(0.7, logits, Multiplicities, out double own, gradient);
        loss.CurvatureProduct(own, gradient, Multiplicities, -0.4, step, out double ownProduct, product);
        double slope = (own * -0.4) + Weighted(gradient, step), curvature = (ownProduct * -0.4) + Weighted(product, step);
        Assert.Equal(loss.Value(0.7, logits, Multiplicities), value, Roundoff);
        double[] remainders = new[] { 1e-1, 1e-2 }.Select(t => Math.Abs(
            loss.Value(0.7 - (0.4 * t), logits.Select((z, g) => z + (t * step[g])).ToArray(), Multiplicities) - value - (t * slope) - (t * t / 2 * curvature))).ToArray();
        Assert.InRange(Math.Log10(remainders[0] / remainders[1]), 2.8, 3.2);
    }

    [Fact]
    public void FenchelYoung_AnyDual_IsNonNegativeAndZeroAtTheGradient()
    {
        var random = new Random(2);
        ILoss loss = Loss(0);
        double[] logits = [0.3, -0.2, 0.9], gradient = new double[3];
        double value = loss.Gradient(0.7, logits, Multiplicities, out double own, gradient);
        Assert.Equal(0, loss.FenchelYoung(own, gradient, Multiplicities, own, gradient));
        for (int run = 0; run < 200; run++)
        {
            double[] dual = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            double ownDual = double.NaN;
            loss.RepairDual(Multiplicities, ref ownDual, dual);
            double remainder = loss.FenchelYoung(own, gradient, Multiplicities, ownDual, dual);
            Assertions.Within(0, ownDual + Weighted(dual, [1, 1, 1]), Roundoff);
            // L(z) + L*(y) − ⟨y, z⟩ with −L* from the proof
            double conjugate = -loss.DualValueBelow(Multiplicities, ownDual, dual.Select(y => y * (1 - 1e-15)).ToArray());
            Assertions.Within(value + conjugate - (ownDual * 0.7) - Weighted(dual, logits), remainder, 1e-12);
        }
    }

    [Fact]
    public void Bounds_RandomPoints_HoldInExactArithmetic()
    {
        var random = new Random(9);
        for (int run = 0; run < 1000; run++)
        {
            double temperature = random.NextDouble() - 0.5, adjustment = 2 * random.NextDouble();
            double[] counts = [1 + (1000 * random.NextDouble()), 1 + random.NextDouble(), 1 + (50 * random.NextDouble())];
            int own = random.Next(3);
            ILoss loss = LogitAdjustedLoss.LabelDependentTemperature(temperature, adjustment).OfClass([3, 2, 4], counts, own);
            double[] multiplicities = [3, 2, 4];
            multiplicities[own]--;
            FixedPoint delta = loss.CollapseFactor;
            double[] iota = counts.Select(n => adjustment * Math.Log(n / ((3 * counts[0]) + (2 * counts[1]) + (4 * counts[2])))).ToArray();
            double scale = Math.Pow(10, (6 * random.NextDouble()) - 4), ownLogit = scale * RandomPoints.Normal(random);
            double[] logits = counts.Select(_ => scale * RandomPoints.Normal(random)).ToArray();
            FixedPoint sum = 1, ownAdjusted = (delta * ownLogit) + iota[own];
            for (int g = 0; g < 3; g++)
            {
                sum += multiplicities[g] * FixedPoint.Exp((delta * logits[g]) + iota[g] - ownAdjusted);
            }

            double above = loss.ValueAbove(ownLogit, logits, multiplicities, 0, new double[3]);
            Assert.True(above >= FixedPoint.Log(sum), $"run {run}: {above:R} below {FixedPoint.Log(sum)}");
            Assert.True(above - FixedPoint.Log(sum) <= 1e-13 * (1 + scale), $"run {run}: {above:R} far above");

            double[] dual = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            double ownDual = double.NaN;
            loss.RepairDual(multiplicities, ref ownDual, dual);
            dual = dual.Select(y => y * (1 - (run % 2 == 0 ? 1e-15 : random.NextDouble()))).ToArray();
            FixedPoint rest = 1, value = 0;
            for (int g = 0; g < 3; g++)
            {
                FixedPoint q = dual[g] / delta;
                rest -= multiplicities[g] * q;
                value += multiplicities[g] * (ExactModel.Entropy(q) + (q * ((FixedPoint)iota[g] - iota[own])));
            }

            value += ExactModel.Entropy(rest);
            double below = loss.DualValueBelow(multiplicities, double.NaN, dual);
            Assert.True(below <= value, $"run {run}: {below:R} above {value}");
            Assert.True(value - below <= 1e-13, $"run {run}: {below:R} far below {value}");
        }
    }

    public static TheoryData<ISolver> Methods =>
    [
        new ReducedSolver(), new LowRankSolver(), new NuclearNormSolver(), new FrankWolfeSolver(), new SemidefiniteSolver(), new ProjectedGradientSolver(),
        new ProjectedGradientSolver(new ProjectedGradientOptions { Level = LayerPeeled.Solver.Programs.FactorizedLevel.SampleLevel }),
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Solve_EveryMethod_AgreesWithTheReducedOne(ISolver method)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([12, 12, 4, 4, 1], 1, 3, loss: LogitAdjustedLoss.LabelDependentTemperature(0.4, 0.7));
        LayerPeeledSolution reduced = new ReducedSolver().Solve(model).EnsureOptimal(), solution = method.Solve(model);
        Assert.True(reduced.Certificate.IsProof && solution.Certificate.IsProof);
        Assert.True(solution.Certificate.Closes(1e-6), $"{solution.Status}, {solution.Certificate.RelativeGap}");
        Assertions.Near(reduced.Objective, solution.Objective, 1e-6);
    }

    [Fact]
    public void Solve_NoTemperatureAndNoAdjustment_IsCrossEntropy()
    {
        LayerPeeledModel plain = LayerPeeledModel.FromClassCounts([12, 12, 4, 4, 1], 1, 3);
        LayerPeeledModel adjusted = LayerPeeledModel.FromClassCounts([12, 12, 4, 4, 1], 1, 3, loss: LogitAdjustedLoss.LabelDependentTemperature(0, 0));
        Assertions.Near(new ReducedSolver().Solve(plain).Objective, new ReducedSolver().Solve(adjusted).EnsureOptimal().Objective, 1e-12);
    }

    // A temperature moves the threshold by its factor, an additive adjustment leaves it where it is (Behnia et al. 2023).
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0.5, 0)]
    [InlineData(-0.3, 0.5)]
    public void Solve_AroundTheThreshold_CollapsesByTheLawWithItsFactor(double temperature, double adjustment)
    {
        double[] counts = [500, 500, 500, 100, 100, 100];
        double delta = Math.Pow(0.2, temperature), threshold = delta * Math.Sqrt(100) / counts.Sum();
        var loss = LogitAdjustedLoss.LabelDependentTemperature(temperature, adjustment);
        LayerPeeledSolution above = Solve(1.001 * threshold), below = Solve(0.99 * threshold);
        Assert.Equal((true, false), (above.Groups[1].Collapsed, below.Groups[1].Collapsed));
        Assert.Equal(1, above.Groups[1].ClassifierCosine, 1e-6);
        Assert.True(below.Groups[1].ClassifierCosine < 1 - 1e-4);

        LayerPeeledSolution Solve(double strength) => new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(counts, new Penalties(strength, strength), loss: loss)).EnsureOptimal();
    }

    [Fact]
    public void Solve_ClassesThatDiffer_AreNotMergedAndNotWithoutExamples()
    {
        var loss = LogitAdjustedLoss.LabelDependentTemperature(0.3, 0);
        Assert.Contains("depends on the class", Assert.Throws<ArgumentException>(() => new MergedSolver().Solve(LayerPeeledModel.FromClassCounts([3, 2, 1], 1, 1, loss: loss))).Message, StringComparison.Ordinal);
        Assert.Contains("examples of every class", Assert.Throws<ArgumentException>(() => new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts([3, 0], 1, 1, loss: loss))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitAdjustedLoss.LabelDependentTemperature(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitAdjustedLoss.LabelDependentTemperature(0, 11));
    }

    private static ILoss Loss(int own)
    {
        double[] classes = (double[])Multiplicities.Clone();
        classes[own]++;
        return LogitAdjustedLoss.LabelDependentTemperature(0.3, 1.5).OfClass(classes, Counts, own);
    }

    private static double Weighted(double[] x, double[] y) => Enumerable.Range(0, 3).Sum(i => Multiplicities[i] * x[i] * y[i]);
}
