using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Contrastive;

public sealed class ContrastiveProgramTests
{
    private const double Roundoff = 1e-12;
    private const double DifferenceError = 1e-7;
    private static readonly double[] Counts = [6, 6, 3, 2, 2, 1];

    public static TheoryData<ContrastiveDenominator> Denominators => new(Enum.GetValues<ContrastiveDenominator>());

    [Theory]
    [MemberData(nameof(Denominators))]
    public void Gradient_AtClassMeans_IsTheLossOfSamples(ContrastiveDenominator denominator)
    {
        var random = new Random(3);
        ContrastiveModel model = ContrastiveModel.FromClassCounts(Counts, 2, 0.7, denominator);
        int[] labels = SampleContrast.Labels(Counts);
        for (int trial = 0; trial < 5; trial++)
        {
            Matrix<double> means = Feasible(Draw(random, 4, Counts.Length), 2);
            Matrix<double> samples = Matrix<double>.Build.DenseOfColumnVectors(labels.Select(k => means.Column(k)));
            double expected = SampleContrast.Loss(samples, labels, 0.7, denominator == ContrastiveDenominator.AllSamples);
            Assertions.Near(expected, ContrastiveCertificate.Certify(model, means).Loss, Roundoff);
        }
    }

    // What lets features of one class be replaced by their mean: no budget more, and no loss more.
    [Theory]
    [MemberData(nameof(Denominators))]
    public void SampleLoss_FeaturesReplacedByClassMeans_NeverIncreases(ContrastiveDenominator denominator)
    {
        var random = new Random(5);
        int[] labels = SampleContrast.Labels(Counts);
        bool withAnchor = denominator == ContrastiveDenominator.AllSamples;
        double least = double.PositiveInfinity;
        for (int trial = 0; trial < 100; trial++)
        {
            // Within-class noise from a hundredth to ten times the distance of the means, isotropic or along one direction
            Matrix<double> means = Draw(random, 3, Counts.Length), noise = Draw(random, 3, labels.Length) * Math.Pow(10, (random.NextDouble() * 3) - 2);
            Matrix<double> samples = Matrix<double>.Build.DenseOfColumnVectors(labels.Select(k => means.Column(k))) + noise;
            Matrix<double> averages = SampleContrast.Means(samples, labels);
            Matrix<double> collapsed = Matrix<double>.Build.DenseOfColumnVectors(labels.Select(k => averages.Column(k)));
            double before = SampleContrast.Loss(samples, labels, 1, withAnchor), after = SampleContrast.Loss(collapsed, labels, 1, withAnchor);
            Assert.True(after <= before + Roundoff, $"{before} → {after}");
            Assert.True(SampleContrast.Budget(collapsed, labels) <= SampleContrast.Budget(samples, labels) + Roundoff);
            least = Math.Min(least, before - after);
        }

        Assert.True(least < 0.01, $"the inequality was not put to the test: the least difference is {least}");
    }

    [Theory]
    [MemberData(nameof(Denominators))]
    public void Gradient_ByFiniteDifferences_Agrees(ContrastiveDenominator denominator)
    {
        var random = new Random(7);
        ContrastiveModel model = ContrastiveModel.FromClassGroups([new(3, 20), new(2, 5, LossWeight: 2), new(1, 2)], 3, 0.5, denominator);
        foreach (ContrastiveProgram program in new[] { ContrastiveProgram.ForGroups(model), ContrastiveProgram.ForClasses(model) })
        {
            GroupedMatrix point = Draw(program, random), direction = Draw(program, random), gradient = program.CreateMatrix(), other = program.CreateMatrix();
            _ = program.Gradient(point, gradient);
            double step = 1e-5, slope = (program.Gradient(point.Plus(step, direction), other) - program.Gradient(point.Plus(-step, direction), other)) / (2 * step);
            Assertions.Within(slope, gradient.Inner(direction), DifferenceError);
        }
    }

    [Fact]
    public void Evaluate_OfFactors_HasTheSlopeOfFiniteDifferences()
    {
        var random = new Random(8);
        var program = ContrastiveProgram.ForGroups(ContrastiveModel.FromClassGroups([new(3, 20), new(2, 5), new(1, 2)], 3, 0.5));
        var objective = new ContrastiveFactors(program);
        double[] start = objective.CentredIdentity(), slope = new double[start.Length], unused = new double[start.Length];
        double[] point = Array.ConvertAll(start, x => x == 0 ? 0 : x + (0.3 * RandomPoints.Normal(random)));
        _ = objective.Evaluate(point, slope);
        for (int i = 0; i < point.Length; i++)
        {
            double kept = point[i], step = 1e-5;
            point[i] = kept + step;
            double above = objective.Evaluate(point, unused);
            point[i] = kept - step;
            double below = objective.Evaluate(point, unused);
            point[i] = kept;
            Assertions.Within((above - below) / (2 * step), slope[i], DifferenceError, $"entry {i}");
        }
    }

    [Fact]
    public void ReadDual_OfWrittenColumns_IsTheSame()
    {
        var program = ContrastiveProgram.ForGroups(ContrastiveModel.FromClassGroups([new(3, 20), new(2, 5), new(1, 2)], 3, 0.5, ContrastiveDenominator.OtherSamples));
        GroupedMatrix matrix = program.CreateMatrix();
        double[] multiplicities = new double[3], dual = [0.01, 0.03, 0.02], read = new double[3];
        for (int h = 0; h < 3; h++)
        {
            program.Multiplicities(h, multiplicities);
            program.WriteColumn(matrix, h, -multiplicities.Zip(dual, (m, p) => m * p).Sum(), dual);
            program.ReadDual(matrix, h, read);
            Assert.All(Enumerable.Range(0, 3).Where(g => multiplicities[g] > 0), g => Assertions.Near(dual[g], read[g], Roundoff));
        }
    }

    [Fact]
    public void Gradient_AlongSegments_IsMonotone()
    {
        // Convexity in the Gram matrix: ⟨G(X) − G(Y), X − Y⟩ ≥ 0, any signs
        var random = new Random(9);
        var program = ContrastiveProgram.ForClasses(ContrastiveModel.FromClassCounts(Counts, 2));
        for (int trial = 0; trial < 100; trial++)
        {
            GroupedMatrix left = Draw(program, random), right = Draw(program, random), a = program.CreateMatrix(), b = program.CreateMatrix();
            _ = program.Gradient(left, a);
            _ = program.Gradient(right, b);
            Assert.True(a.Plus(-1, b).Inner(left.Plus(-1, right)) >= 0);
        }
    }

    [Theory]
    [InlineData(0.5, 1, "counts must be whole numbers")]
    [InlineData(1.5, 1, "counts must be whole numbers")]
    [InlineData(3, 0, "temperature must be a positive finite number")]
    [InlineData(3, 1e-3, "E_H/τ must be between")]
    [InlineData(3, 1e5, "E_H/τ must be between")]
    public void Model_ArgumentOutOfRange_IsNamed(double count, double temperature, string expected)
    {
        ArgumentException wrong = Assert.ThrowsAny<ArgumentException>(() => ContrastiveModel.FromClassCounts([4, count], 1, temperature));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_WithoutPairs_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ContrastiveModel.FromClassCounts([1, 1, 1], 1, 1, ContrastiveDenominator.OtherSamples));

    internal static Matrix<double> Draw(Random random, int rows, int columns) => Matrix<double>.Build.Dense(rows, columns, (_, _) => RandomPoints.Normal(random));

    /// <summary>Scaled to (1/K)·‖H̄‖_F² = E_H.</summary>
    internal static Matrix<double> Feasible(Matrix<double> means, double budget) => means * (Math.Sqrt(means.ColumnCount * budget) / means.FrobeniusNorm());

    // Symmetric, over the groups of a program
    private static GroupedMatrix Draw(ContrastiveProgram program, Random random)
    {
        GroupedMatrix matrix = program.CreateMatrix();
        int n = matrix.GroupCount;
        for (int g = 0; g < n; g++)
        {
            matrix.Spread[g] = program.Sizes[g] > 1 ? RandomPoints.Normal(random) : 0;
            for (int h = 0; h <= g; h++)
            {
                matrix.Core[g + (h * n)] = matrix.Core[h + (g * n)] = RandomPoints.Normal(random);
            }
        }

        return matrix;
    }
}
