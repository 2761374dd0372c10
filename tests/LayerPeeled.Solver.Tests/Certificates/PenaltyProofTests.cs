using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>Bounds of models with penalties against exact arithmetic, without a tolerance; as many runs as <see cref="ProofTests"/> makes.</summary>
public class PenaltyProofTests
{
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("LAYERPEELED_PROOF_RUNS"), out int runs) ? runs : 100;

    [Fact]
    public void Solve_PenaltiesThatLeaveNothing_BracketsTheLogarithmOfK()
    {
        var random = new Random(3);
        for (int run = 0; run < Runs; run++)
        {
            int classes = (int)Math.Pow(10, 0.31 + (2 * random.NextDouble()));
            double penalty = Math.Pow(10, 10 * random.NextDouble());
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(0, classes).Select(_ => Draw(random)), new Penalties(penalty, penalty));
            DualityCertificate certificate = new ReducedSolver().Solve(model).EnsureOptimal().Certificate;
            FixedPoint optimum = FixedPoint.Log(classes);
            Assert.True(certificate.IsProof);
            Assert.True(certificate.LowerBound < optimum && certificate.PrimalUpperBound > optimum, $"run {run}: {certificate.LowerBound:R}, {optimum}, {certificate.PrimalUpperBound:R}");
        }
    }

    [Fact]
    public void Solve_BalancedClasses_BracketsTheClosedForm()
    {
        var random = new Random(4);
        for (int run = 0; run < Runs; run++)
        {
            int classes = (int)Math.Pow(10, 0.31 + (2 * random.NextDouble()));
            double count = Math.Ceiling(Draw(random)), total = classes * count;
            double penalty = Math.Pow(10, -12 * random.NextDouble()) / Math.Sqrt(total * classes), ratio = Math.Pow(10, random.NextDouble());
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, count)], new Penalties(penalty * ratio, penalty / ratio));
            DualityCertificate certificate = new ReducedSolver().Solve(model).EnsureOptimal().Certificate;
            // e^{Ka} = 1/λ − K + 1 with λ = √(λ_W·λ_H·n), and ‖Z‖_* = K(K − 1)·a
            FixedPoint lambda = ExactPenalties.Lambda(model) * FixedPoint.Sqrt(count), power = (1 / lambda) - classes + 1;
            FixedPoint scaled = power > 1 ? FixedPoint.Log(power) : 0;
            FixedPoint optimum = FixedPoint.Log(1 + ((classes - 1) * FixedPoint.Exp(-scaled))) + (lambda * (classes - 1) * scaled);
            Assert.True(certificate.LowerBound < optimum, $"run {run}: {certificate.LowerBound:R} above {optimum}");
            Assert.True(certificate.PrimalUpperBound > optimum, $"run {run}: {certificate.PrimalUpperBound:R} below {optimum}");
        }
    }

    [Fact]
    public void Certify_RandomModels_IsBelowTheValueOfItsDualAndAboveTheObjectiveOfItsPoint()
    {
        var random = new Random(11);
        for (int run = 0; run < Runs; run++)
        {
            LayerPeeledModel model = RandomModel(random, run);
            LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = Math.Pow(10, -random.Next(2, 13)) }).Solve(model);
            NuclearNormProgram program = solution.Factors.Program;
            DualityCertificate certificate = DualityGap.Certify(solution.Factors);
            var dual = new DualBound(program, certificate.Dual, 0, certificate.Sigma, factorise: true);
            double upper = certificate.PrimalUpperBound, bound = dual.Value([], upper);
            FixedPoint exact = ExactPenalties.DualValue(model, Columns(model, program, dual), upper);
            Assert.True(certificate.IsProof);
            Assert.Equal(Math.Max(0, bound), certificate.LowerBound);
            Assert.True(bound <= exact, $"run {run}: {bound:R} above {exact}");
            double size = 1 + Slack(model, upper);
            Assert.True(exact - bound <= 1e-12 * upper * size, $"run {run}: {bound:R} far below {exact}");
            (double[,] classifier, double[,] means, double[] scale, double[]? bias) = Matrices(model, solution.Factors);
            FixedPoint objective = ExactPenalties.Objective(model, classifier, means, scale, bias);
            Assert.True(upper >= objective, $"run {run}: {upper:R} below {objective}");
            Assert.True(upper - objective <= 1e-12 * (1 + upper), $"run {run}: {upper:R} far above {objective}");
        }
    }

    [Fact]
    public void Certify_BudgetsPerSample_IsBelowTheValueOfItsDual()
    {
        var random = new Random(17);
        for (int run = 0; run < Runs; run++)
        {
            double[] counts = Enumerable.Range(0, random.Next(2, 8)).Select(_ => Draw(random)).ToArray();
            var budgets = new Budgets(Math.Pow(10, -6 + (8 * random.NextDouble())), Math.Pow(10, -1 + random.NextDouble())) { FeatureNorm = FeatureNorm.PerSample };
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, budgets);
            LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = Math.Pow(10, -random.Next(2, 13)) }).Solve(model);
            NuclearNormProgram program = solution.Factors.Program;
            DualityCertificate certificate = DualityGap.Certify(solution.Factors);
            var dual = new DualBound(program, certificate.Dual, 0, certificate.Sigma, factorise: true);
            FixedPoint exact = ExactPenalties.DualValueOfBudgets(model, Columns(model, program, dual));
            Assert.True(certificate.IsProof);
            Assert.Equal(Math.Max(0, dual.Value([])), certificate.LowerBound);
            Assert.True(dual.Value([]) <= exact, $"run {run}: {dual.Value([]):R} above {exact}");
            Assert.True(exact - dual.Value([]) <= 1e-12 * (solution.Objective + (model.Radius * certificate.Multiplier)), $"run {run}: {dual.Value([]):R} far below {exact}");
        }
    }

    // What a logit is off by is more than its last digit where products cancel before they are divided by a small √ρ, and where biases have a common part.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Certify_PointsThatCancel_IsAboveTheObjectiveOfItsPoint(bool squared)
    {
        var random = new Random(23);
        for (int run = 0; run < 2 * Runs; run++)
        {
            double size = Math.Pow(10, 5 * random.NextDouble()), shift = run % 2 == 0 ? 0 : Math.Pow(10, 7 * random.NextDouble());
            ClassGroup[] groups = Enumerable.Range(0, random.Next(2, 5)).Select(g => new ClassGroup(random.Next(1, 5), g == 0 ? 1 : 1e7 * (g + random.NextDouble()))).ToArray();
            var penalties = new Penalties(1e-30, 1e-30) { FeatureNorm = run % 3 == 0 ? FeatureNorm.PerClass : FeatureNorm.PerSample, Bias = run % 2 == 0 ? null : 1e-30 };
            NuclearNormProgram program = NuclearNormProgram.ForGroups(
                LayerPeeledModel.FromClassGroups(groups, penalties, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance));
            int n = program.GroupCount;
            double[] classifier = Draws(3 * n), feature = Draws(3 * n);
            double[] bias = program.Bias is null ? [] : Enumerable.Range(0, n).Select(g => Math.Sqrt(program.Sizes[g]) * (shift + random.NextDouble())).ToArray();
            for (int g = 0; g < n; g++)
            {
                // Only where examples are rare, so that what is allowed for others covers nothing
                (classifier[g], feature[g]) = (size * (0.5 + random.NextDouble()), (program.Model.Groups[g].Count == 1 ? size : 1 / size) * (0.5 + random.NextDouble()));
                (classifier[g + n], feature[g + n]) = (classifier[g], -feature[g]);
            }

            var point = new GroupedFactors(program, 3, Draws(n), Draws(n), classifier, feature, bias);
            double upper = DualityGap.Certify(point).PrimalUpperBound;
            FixedPoint objective = ExactPenalties.Objective(point);
            Assert.True(upper >= objective, $"run {run}: {upper:R} below {objective}");

            double[] Draws(int count) => Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5).ToArray();
        }
    }

    // A free bias costs Σ |q_k|·B_k, and q_k is no less than its rounding.
    private static double Slack(LayerPeeledModel model, double upper) => model.Regulariser is Penalties { Bias: 0 }
        ? model.GroupOfClass.ToArray().Sum(g => 1 + (model.WeightOf(g) / (((Penalties)model.Regulariser).Classifier * model.WeightOf(model.Groups.Count - 1)))) : 0;

    private static FixedPoint[][] Columns(LayerPeeledModel model, NuclearNormProgram program, DualBound dual)
    {
        var columns = new FixedPoint[model.ClassCount][];
        for (int k = 0; k < columns.Length; k++)
        {
            int h = program.BlockOfClass(k);
            columns[k] = Enumerable.Range(0, columns.Length).Select(j => (FixedPoint)dual.Column(h)[program.BlockOfClass(j)]).ToArray();
            columns[k][k] = 0;
            // Without shifts the own dual is a number of its own.
            columns[k][k] = model.Loss.IsShiftInvariant ? -columns[k].Aggregate((FixedPoint)0, (sum, y) => sum + y) : dual.OwnDual(h);
        }

        return columns;
    }

    // The point over groups as rows of W and H̃ that are exactly its numbers: the program must have a class a group.
    private static (double[,] Classifier, double[,] Means, double[] Scale, double[]? Bias) Matrices(LayerPeeledModel model, GroupedFactors factors)
    {
        int n = model.ClassCount, rank = factors.Rank;
        double[,] classifier = new double[n, rank], means = new double[n, rank];
        double[] scale = new double[n];
        double[]? bias = factors.Bias.IsEmpty ? null : new double[n];
        for (int k = 0; k < n; k++)
        {
            int g = factors.Program.BlockOfClass(k);
            Assert.Equal(1, factors.Program.Sizes[g]);
            scale[k] = factors.Program.FeatureRoots[g];
            for (int i = 0; i < rank; i++)
            {
                (classifier[k, i], means[k, i]) = (factors.ClassifierCore[g + (i * n)], factors.FeatureCore[g + (i * n)]);
            }

            if (bias is not null)
            {
                bias[k] = factors.Bias[g];
            }
        }

        return (classifier, means, scale, bias);
    }

    private static LayerPeeledModel RandomModel(Random random, int run)
    {
        double largest = 0;
        double[] counts = Enumerable.Range(0, random.Next(2, 7)).Select(_ => largest = 1.01 * (largest + Draw(random))).ToArray();
        var penalties = new Penalties(Math.Pow(10, -6 * random.NextDouble()), Math.Pow(10, -6 * random.NextDouble()))
        {
            FeatureNorm = random.Next(2) == 0 ? FeatureNorm.PerSample : FeatureNorm.PerClass,
            Bias = random.Next(3) switch { 0 => null, 1 => 0, _ => Math.Pow(10, -(run % 5 == 0 ? 30 : 4) * random.NextDouble()) },
        };
        return LayerPeeledModel.FromClassCounts(counts, penalties, loss: run % 2 == 0 ? CrossEntropyLoss.Instance : SquaredErrorLoss.Instance);
    }

    private static double Draw(Random random) => Math.Pow(10, 4 * random.NextDouble()) * (random.Next(2) == 0 ? 1 : random.NextDouble());
}
