using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>Bounds that proofs rest on, against numbers of 120 digits.</summary>
public sealed class LossBoundsTests
{
    private const double Unit = 1.1102230246251565e-16;

    // How far a bound may be from what it bounds, relative to the size of the logits: it would be of no use otherwise.
    private const double Tight = 2e-13;
    private static readonly double[] Classes = [3, 2, 4];

    public static TheoryData<string> Names => ["vs", "cdt", "ldam", "smoothing", "ovr", "hinge"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bounds_RandomPoints_HoldInExactArithmetic(string name)
    {
        var random = new Random(11);
        for (int run = 0; run < 250; run++)
        {
            double[] counts = [1 + (1000 * random.NextDouble()), 1 + random.NextDouble(), 1 + (50 * random.NextDouble())], multiplicities = [.. Classes];
            int own = random.Next(3);
            multiplicities[own]--;
            double first = random.NextDouble(), second = 2 * random.NextDouble();
            string text = name switch
            {
                "vs" => FormattableString.Invariant($"vs:gamma={first - 0.5},tau={second}"),
                "cdt" => FormattableString.Invariant($"cdt:gamma={first - 0.5}"),
                "ldam" => FormattableString.Invariant($"ldam:c={5 * first}"),
                "smoothing" => FormattableString.Invariant($"smoothing:epsilon={0.9 * first}"),
                "hinge" => FormattableString.Invariant($"hinge:smoothing={0.01 + (second * second)}"),
                _ => name,
            };
            ILoss loss = LossCatalog.Parse(text).OfClass(Classes, counts, own);
            double scale = Math.Pow(10, (6 * random.NextDouble()) - 4), error = run % 3 == 0 ? 1e-9 * random.NextDouble() : 0;
            double ownLogit = scale * RandomPoints.Normal(random);
            double[] logits = counts.Select(_ => scale * RandomPoints.Normal(random)).ToArray();
            Exact exact = new(loss, own, multiplicities, counts, Enumerable.Range(0, 3).Select(g => LossCatalog.Parse(text).OfClass(Classes, counts, g).CollapseFactor).ToArray());
            double above = loss.ValueAbove(ownLogit, logits, multiplicities, error, [error, error, error]);
            // Within the errors nothing is larger than with the own logit low and the others high.
            FixedPoint value = exact.Value((FixedPoint)ownLogit - error, logits.Select(z => (FixedPoint)z + error).ToArray());
            Assert.True(above >= value, $"{text}, run {run}: {above:R} below {value}");
            Assert.True(above - value <= (Tight * (1 + scale) * Amplification(loss)) + (20 * error), $"{text}, run {run}: {above:R} far above {value}");

            double[] dual = [(1.5 * random.NextDouble()) - 0.5, random.NextDouble(), random.NextDouble()];
            double ownDual = -random.NextDouble();
            loss.RepairDual(multiplicities, ref ownDual, dual);
            double inside = 1 - (run % 2 == 0 ? 1e-14 : 0.5 * random.NextDouble());
            dual = dual.Select(y => y * inside).ToArray();
            double implied = loss.OwnDual(multiplicities, ownDual, dual, out double excess);
            FixedPoint difference = implied - exact.OwnDual(ownDual, dual);
            Assert.True((difference < 0 ? -difference : difference) <= (4 * Unit * Math.Abs(implied)) + excess, $"{text}, run {run}: own dual {implied:R}");
            double below = loss.DualValueBelow(multiplicities, implied, dual);
            FixedPoint conjugate = exact.DualValue(implied, dual);
            Assert.True(below <= conjugate, $"{text}, run {run}: {below:R} above {conjugate}");
            Assert.True(conjugate - below <= Tight * Amplification(loss), $"{text}, run {run}: {below:R} far below {conjugate}");
        }
    }

    // Of a hinge everything is over μ.
    private static double Amplification(ILoss loss) => loss is SmoothedHingeLoss hinge ? 10 * (1 + (1 / hinge.Smoothing)) : 10;

    // The loss by its definition
    private sealed record Exact(ILoss Loss, int Own, double[] Multiplicities, double[] Counts, double[] Deltas)
    {
        private double Total => Counts.Zip(Classes, (n, c) => n * c).Sum();

        public FixedPoint Value(FixedPoint own, FixedPoint[] logits) => Loss switch
        {
            LogitAdjustedLoss => FixedPoint.Log(1 + Sum(g => FixedPoint.Exp((Delta(g) * logits[g]) + Iota(g) - (Delta(Own) * own) - OwnIota))),
            LabelSmoothingLoss => FixedPoint.Log(1 + Sum(g => FixedPoint.Exp(logits[g] - own))) + (Share * Sum(g => own - logits[g])),
            OneVsRestLoss => FixedPoint.Log(1 + FixedPoint.Exp(-own)) + Sum(g => FixedPoint.Log(1 + FixedPoint.Exp(logits[g]))),
            SmoothedHingeLoss hinge => Hinge(own, logits, hinge.Smoothing),
            _ => throw new NotSupportedException(),
        };

        public FixedPoint DualValue(FixedPoint own, double[] dual) => Loss switch
        {
            LogitAdjustedLoss => Entropies(g => dual[g] / Delta(g)) + Sum(g => dual[g] / Delta(g) * (Iota(g) - OwnIota)),
            LabelSmoothingLoss => Entropies(g => (FixedPoint)dual[g] + Share),
            OneVsRestLoss => Binary(-own) + Sum(g => Binary(dual[g])),
            SmoothedHingeLoss hinge => Sum(g => dual[g]) - ((FixedPoint)hinge.Smoothing / 2 * Sum(g => (FixedPoint)dual[g] * dual[g])),
            _ => throw new NotSupportedException(),
        };

        public FixedPoint OwnDual(double own, double[] dual) => Loss switch
        {
            LogitAdjustedLoss => -(Delta(Own) * Sum(g => dual[g] / Delta(g))),
            OneVsRestLoss => own,
            _ => -Sum(g => dual[g]),
        };

        private FixedPoint Share => ((LabelSmoothingLoss)Loss).Epsilon / (1 + Multiplicities.Sum());

        private double Margin => ((LogitAdjustedLoss)Loss).Margin is var c && c == 0 ? 0 : c / Math.Sqrt(Math.Sqrt(Counts[Own]));

        private double OwnIota => Iota(Own) - Margin;

        private FixedPoint Delta(int g) => double.IsNaN(Deltas[g]) ? 1 : Deltas[g];

        private double Iota(int g) => ((LogitAdjustedLoss)Loss).Adjustment is var tau && tau == 0 ? 0 : tau * Math.Log(Counts[g] / Total);

        private FixedPoint Sum(Func<int, FixedPoint> term) => Enumerable.Range(0, 3).Aggregate((FixedPoint)0, (sum, g) => sum + (Multiplicities[g] * term(g)));

        private FixedPoint Entropies(Func<int, FixedPoint> p) => Sum(g => ExactModel.Entropy(p(g))) + ExactModel.Entropy(1 - Sum(p));

        private static FixedPoint Binary(FixedPoint p) => ExactModel.Entropy(p) + ExactModel.Entropy(1 - p);

        // τ + Σ m·(s − τ)₊²/(2μ) at its least: τ = 0, or where some of the classes are active
        private FixedPoint Hinge(FixedPoint own, FixedPoint[] logits, double smoothing)
        {
            FixedPoint[] margins = logits.Select(z => 1 + z - own).ToArray();
            FixedPoint best = At(0);
            for (int set = 1; set < 8; set++)
            {
                FixedPoint classes = 0, sum = 0;
                for (int g = 0; g < 3; g++)
                {
                    classes += (set >> g & 1) * Multiplicities[g];
                    sum += (set >> g & 1) * Multiplicities[g] * margins[g];
                }

                FixedPoint threshold = classes > 0 ? (sum - smoothing) / classes : 0;
                best = threshold > 0 && At(threshold) < best ? At(threshold) : best;
            }

            return best;

            FixedPoint At(FixedPoint threshold) =>
                threshold + (Sum(g => margins[g] > threshold ? (margins[g] - threshold) * (margins[g] - threshold) : 0) / (2 * (FixedPoint)smoothing));
        }
    }
}
