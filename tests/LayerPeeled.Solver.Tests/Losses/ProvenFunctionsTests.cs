using System.Runtime.Intrinsics;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>Each bound against a hundred digits, where it holds without a tolerance and is not far off.</summary>
public class ProvenFunctionsTests
{
    private const int Draws = 2000;

    [Fact]
    public void Log_AnyNormalNumber_IsWithinItsError()
    {
        var random = new Random(1);
        double[] special = [1, Math.BitIncrement(1.0), Math.BitDecrement(1.0), Math.Sqrt(2), Math.Sqrt(0.5), Math.BitIncrement(Math.Sqrt(2)), 0.5, 2, Math.E, 1e-60, 1e60];
        foreach (double x in special.Concat(Draw(random, -60, 60)).Concat(Draw(random, -0.2, 0.2)).Concat(Draw(random, -1e-9, 1e-9)))
        {
            FixedPoint exact = FixedPoint.Log(x), error = (FixedPoint)ProvenFunctions.Log(x) - exact;
            Assert.True(Magnitude(error) <= (ProvenFunctions.LogError * Rounding.Unit * Magnitude(exact)) + FixedPoint.Tiny, $"log {x:R}");
        }
    }

    [Fact]
    public void Exp_NotPositive_IsWithinItsError()
    {
        foreach (double x in Draw(new Random(2), -12, 1.8).Select(x => -x).Append(0))
        {
            FixedPoint exact = FixedPoint.Exp(x), error = (FixedPoint)Elementary.Exp(Vector256.CreateScalar(x)).ToScalar() - exact;
            Assert.True(Magnitude(error) <= (ProvenFunctions.ExpError * Rounding.Unit * exact) + FixedPoint.Tiny, $"exp {x:R}");
        }
    }

    [Fact]
    public void LogOnePlusAbove_NotNegative_IsAboveByAFewUnits()
    {
        foreach (double x in Draw(new Random(3), -30, 60).Concat(Draw(new Random(4), -1, 0.5)))
        {
            FixedPoint exact = FixedPoint.Log(1 + (FixedPoint)x), bound = ProvenFunctions.LogOnePlusAbove(x);
            Assert.True(bound >= exact && bound <= (1 + (24 * Rounding.Unit)) * exact, $"log(1 + {x:R})");
        }

        Assert.Equal(double.PositiveInfinity, ProvenFunctions.LogOnePlusAbove(1e301));
        Assert.Equal(double.PositiveInfinity, ProvenFunctions.LogOnePlusAbove(double.NaN));
    }

    [Fact]
    public void RemainderEntropyBelow_SmallInterval_IsBelowTheLeastValueByAFewUnits()
    {
        var random = new Random(5);
        foreach (double s in Draw(random, -20, 0).Concat(Enumerable.Range(0, Draws).Select(_ => random.NextDouble())).Append(1).Append(Math.BitDecrement(1.0)))
        {
            double low = s * (1 - (4 * Rounding.Unit)), high = Math.Min(1, s * (1 + (4 * Rounding.Unit))), bound = ProvenFunctions.RemainderEntropyBelow(low, high);
            FixedPoint least = Of(low) < Of(high) ? Of(low) : Of(high);
            Assert.True(bound <= least, $"{s:R}: {bound:R} above {least}");
            Assert.True(bound >= least - (1e-14 * (s < 0.29 ? least : 1)), $"{s:R}: {bound:R} far below {least}");
        }

        static FixedPoint Of(FixedPoint s) => 1 - s > FixedPoint.Tiny ? -(1 - s) * FixedPoint.Log(1 - s) : 0;
    }

    [Fact]
    public void SumOfProducts_NotNegative_IsWithinItsError()
    {
        var random = new Random(6);
        for (int run = 0; run < 200; run++)
        {
            double[] a = Draw(random, -8, 8).Take(random.Next(1, 60)).ToArray(), b = Draw(random, -8, 8).Take(a.Length).ToArray();
            FixedPoint exact = a.Zip(b).Aggregate((FixedPoint)0, (sum, pair) => sum + ((FixedPoint)pair.First * pair.Second));
            Assert.True(Magnitude(Rounding.SumOfProducts(a, b) - exact) <= Rounding.SumError * Rounding.Unit * exact, $"run {run}");
        }
    }

    [Fact]
    public void UpAndDown_ProductsOfSeveralFactors_BracketThem()
    {
        var random = new Random(7);
        for (int run = 0; run < Draws; run++)
        {
            double[] factors = Draw(random, -1, 1).Take(random.Next(1, 12)).ToArray();
            FixedPoint exact = factors.Aggregate((FixedPoint)1, (product, factor) => product * factor);
            double product = factors.Aggregate(1.0, (product, factor) => product * factor);
            Assert.True(Rounding.Up(product, factors.Length) >= exact && Rounding.Down(product, factors.Length) <= exact, $"run {run}");
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-12)]
    [InlineData(1e-3)]
    public void ValueAbove_LogitsAnywhereWithinTheirErrors_IsAboveTheLoss(double error)
    {
        var random = new Random(8);
        for (int run = 0; run < 300; run++)
        {
            (double own, double[] logits, double[] multiplicities) = Column(random);
            double[] errors = logits.Select(_ => error * random.NextDouble()).ToArray();
            double bound = CrossEntropyLoss.Instance.ValueAbove(own, logits, multiplicities, error, errors);
            FixedPoint sum = 1;
            for (int g = 0; g < logits.Length; g++)
            {
                // at the far ends of what is allowed
                sum += multiplicities[g] * FixedPoint.Exp((FixedPoint)logits[g] + errors[g] - own + error);
            }

            FixedPoint exact = FixedPoint.Log(sum);
            Assert.True(bound >= exact, $"run {run}: {bound:R} below {exact}");
            Assert.True(bound <= exact + (((1e-14 * (1 + Math.Abs(own))) + (error * error * 10)) * exact) + (1e-14 * error), $"run {run}: {bound:R} far above {exact}");
        }
    }

    [Fact]
    public void DualValueBelow_AnyDistribution_IsBelowItsEntropy()
    {
        var random = new Random(9);
        for (int run = 0; run < 300; run++)
        {
            (_, double[] parts, double[] multiplicities) = Column(random);
            double size = Math.Pow(10, -12 * random.NextDouble() * random.Next(2)), total = parts.Zip(multiplicities).Sum(pair => Math.Exp(pair.First) * pair.Second);
            double[] dual = parts.Select(part => size * (1 - 1e-14) * Math.Exp(part) / total).ToArray();
            double bound = CrossEntropyLoss.Instance.DualValueBelow(multiplicities, double.NaN, dual);
            FixedPoint others = 0, exact = 0;
            for (int g = 0; g < dual.Length; g++)
            {
                others += multiplicities[g] * (FixedPoint)dual[g];
                exact -= multiplicities[g] * (FixedPoint)dual[g] * FixedPoint.Log(dual[g]);
            }

            exact -= (1 - others) * FixedPoint.Log(1 - others);
            Assert.True(bound <= exact, $"run {run}: {bound:R} above {exact}");
            Assert.True(bound >= ((1 - 1e-14) * exact) - (1e-13 * size), $"run {run}: {bound:R} far below {exact}");
        }
    }

    [Fact]
    public void DualValueBelow_OutsideTheDomain_IsMinusInfinity()
    {
        foreach (double[] dual in new double[][] { [0.7, 0.7], [-1e-300, 0.5], [double.NaN, 0.5], [1, Math.BitIncrement(0.0)] })
        {
            Assert.Equal(double.NegativeInfinity, CrossEntropyLoss.Instance.DualValueBelow([1, 1], double.NaN, dual));
        }
    }

    private static (double Own, double[] Logits, double[] Multiplicities) Column(Random random)
    {
        double spread = Math.Pow(10, 2 * random.NextDouble());
        int length = random.Next(1, 14);
        return (spread * (random.NextDouble() - 0.2), Enumerable.Range(0, length).Select(_ => spread * (random.NextDouble() - 0.5)).ToArray(),
            Enumerable.Range(0, length).Select(_ => (double)random.Next(1, 30)).ToArray());
    }

    private static IEnumerable<double> Draw(Random random, double low, double high)
    {
        for (int i = 0; i < Draws; i++)
        {
            yield return Math.Pow(10, low + ((high - low) * random.NextDouble()));
        }
    }

    private static FixedPoint Magnitude(FixedPoint x) => x < 0 ? -x : x;
}
