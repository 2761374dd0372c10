using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>
/// Bounds against exact arithmetic, without a tolerance. <c>LAYERPEELED_PROOF_RUNS=10000</c> makes the longer run that docs/certificates.md speaks of.
/// </summary>
public class ProofTests
{
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("LAYERPEELED_PROOF_RUNS"), out int runs) ? runs : 100;

    // Without its allowances the lower bound exceeds the optimum in many of these.
    [Fact]
    public void Solve_BudgetsOfNothing_BracketsTheLogarithmOfK()
    {
        var random = new Random(20261127);
        for (int run = 0; run < Runs; run++)
        {
            int classes = (int)Math.Pow(10, 0.31 + ((run % 20 == 0 ? 3.17 : 2.1) * random.NextDouble()));
            double[] counts = Enumerable.Range(0, classes).Select(_ => Draw(random)).ToArray();
            double[]? weights = run % 3 == 0 ? Enumerable.Range(0, classes).Select(_ => random.NextDouble()).ToArray() : null;
            double budget = Math.Pow(10, -18 - (2 * random.NextDouble()));
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, budget, budget, weights);
            DualityCertificate certificate = LayerPeeledSolver.Solve(model).EnsureOptimal().Certificate;
            // f is the logarithm of K at Z = 0, and its slope there is between −1 and 1.
            FixedPoint optimum = FixedPoint.Log(classes);
            Assert.True(certificate.IsProof);
            Assert.True(certificate.LowerBound < optimum, $"run {run}: {certificate.LowerBound:R} above log {classes}");
            Assert.True(certificate.PrimalUpperBound > optimum - ExactModel.Radius(model), $"run {run}: {certificate.PrimalUpperBound:R} below log {classes}");
            Assert.InRange(certificate.RelativeGap, 0, 1e-10);
        }
    }

    [Fact]
    public void Solve_BalancedClasses_BracketsTheClosedForm()
    {
        var random = new Random(7);
        for (int run = 0; run < Runs; run++)
        {
            int classes = (int)Math.Pow(10, 0.31 + (3.17 * random.NextDouble()));
            double product = Math.Pow(10, -20 + (23.5 * random.NextDouble())), ratio = Math.Pow(10, random.NextDouble());
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, Draw(random))], Math.Sqrt(product) * ratio, Math.Sqrt(product) / ratio);
            DualityCertificate certificate = LayerPeeledSolver.Solve(model).EnsureOptimal().Certificate;
            // log(1 + (K − 1)·e^{−r/(K − 1)})
            FixedPoint optimum = FixedPoint.Log(1 + ((classes - 1) * FixedPoint.Exp(-ExactModel.Radius(model) / (classes - 1))));
            Assert.True(certificate.IsProof);
            Assert.True(certificate.LowerBound < optimum, $"run {run}: K = {classes}, {model.Radius}: {certificate.LowerBound:R} above the optimum");
            Assert.True(certificate.PrimalUpperBound > optimum, $"run {run}: K = {classes}, {model.Radius}: {certificate.PrimalUpperBound:R} below the optimum");
        }
    }

    [Fact]
    public void Certify_RandomModels_IsBelowTheValueOfItsDualAndAboveTheLossOfItsPoint()
    {
        var random = new Random(11);
        for (int run = 0; run < Runs; run++)
        {
            LayerPeeledModel model = RandomModel(random);
            LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = Math.Pow(10, -random.Next(2, 13)) }).Solve(model);
            // Every other one by its matrices, and of those every other one outside the budgets, into which it is scaled back
            Matrix<double> classifier = solution.Classifier * (run % 4 == 1 ? 1 + (0.1 * random.NextDouble()) : 1), means = solution.ClassMeans;
            DualityCertificate certificate = run % 2 == 0 ? DualityGap.Certify(solution.Factors) : DualityGap.Certify(model, classifier, means);
            NuclearNormProgram program = run % 2 == 0 ? solution.Factors.Program : NuclearNormProgram.ForClasses(model);
            var dual = new DualBound(program, certificate.Dual, 0, certificate.Sigma, factorise: true);
            FixedPoint exact = ExactModel.DualValue(model, Expand(model, program, dual, []));
            Assert.True(certificate.IsProof);
            Assert.Equal(Math.Max(0, dual.Value([])), certificate.LowerBound);
            Assert.True(dual.Value([]) <= exact, $"run {run}: {dual.Value([]):R} above {exact}");
            Assert.True(exact - dual.Value([]) <= 1e-12 * (solution.Objective + (model.Radius * certificate.Multiplier)), $"run {run}: {dual.Value([]):R} is far below {exact}");
            if (run % 2 == 1)
            {
                FixedPoint loss = ExactModel.Loss(model, classifier.ToArray(), means.Transpose().ToArray());
                Assert.True(certificate.PrimalUpperBound >= loss, $"run {run}: {certificate.PrimalUpperBound:R} below {loss}");
                Assert.True(certificate.PrimalUpperBound - loss <= 1e-12 * (1 + model.Radius), $"run {run}: {certificate.PrimalUpperBound:R} far above {loss}");
            }
        }
    }

    public static TheoryData<string> Losses => new(CrossEntropyLoss.Instance.Name, SquaredErrorLoss.Instance.Name);

    [Theory]
    [MemberData(nameof(Losses))]
    public void Certify_MergedGroups_IsBelowTheValueOfTheDualThatItStandsFor(string name)
    {
        ILoss loss = name == SquaredErrorLoss.Instance.Name ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance;
        var random = new Random(13);
        for (int run = 0; run < Runs; run++)
        {
            // Pairs and triples of nearly equal classes held together
            double width = Math.Pow(10, -4 * random.NextDouble());
            double[] centres = [100, 100 * random.NextDouble(), 10 * random.NextDouble()];
            ClassGroup[] groups = centres.SelectMany(c => new[] { new ClassGroup(random.Next(1, 3), c), new ClassGroup(1, c * (1 - (0.5 * width * random.NextDouble()))) }).ToArray();
            // Budgets of 1 and 1 would reach the target of squared error.
            double budget = Math.Pow(10, -1 + (2 * random.NextDouble())) * (loss.VanishesAtTarget ? 0.09 : 1);
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups(groups, budget, 1, loss: loss);
            int[] blocks = [0, 0, 1, 1, 2, 2];
            NuclearNormProgram program = NuclearNormProgram.ForMergedGroups(model, blocks);
            GroupedFactors point = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-6 })
                .Solve(LayerPeeledModel.FromClassGroups(Enumerable.Range(0, 3).Select(b => new ClassGroup((int)program.Sizes[b], program.Weights[b])), budget, 1, loss: loss)).Factors;
            point = new GroupedFactors(program, point.Rank, point.ClassifierSpread, point.FeatureSpread, point.ClassifierCore, point.FeatureCore);
            DualityCertificate within = DualityGap.CertifyWithin(point, 0);
            DualityCertificate certificate = DualityGap.OfMergedClasses(point, within, new double[3]);
            GroupedMatrix logits = program.CreateMatrix(), gradient = program.CreateMatrix();
            point.Product(logits);
            if (loss.IsShiftInvariant)
            {
                logits.CentreColumns();
            }

            program.Gradient(logits, gradient);
            var remainder = new MergedRemainder(program, logits, gradient, within);
            _ = remainder.Total(new double[3]);
            var dual = new DualBound(program, within.Dual, 0, within.Sigma, factorise: true);
            FixedPoint exact = ExactModel.DualValue(model, Expand(model, program, dual, remainder.Ratios));
            Assert.True(certificate.IsProof);
            Assert.Equal(Math.Max(0, dual.Value(remainder.Ratios)), certificate.LowerBound);
            Assert.True(certificate.LowerBound <= exact, $"run {run}: {certificate.LowerBound:R} above {exact}");
            Assert.True(
                exact - dual.Value(remainder.Ratios) <= 1e-12 * (certificate.PrimalValue + (model.Radius * certificate.Multiplier)),
                $"run {run}: {dual.Value(remainder.Ratios):R} is far below {exact}");

            // Any factors give a bound, if the norm is stretched by what they need: between those of the better kind and far too large ones.
            double[] other = remainder.Ratios.ToArray();
            double scatter = Math.Pow(10, -8 * random.NextDouble());
            for (int g = 0; g < other.Length; g++)
            {
                other[g] *= 1 + (scatter * (random.NextDouble() - 0.5));
            }

            double value = dual.Value(other);
            if (!double.IsInfinity(value))
            {
                exact = ExactModel.DualValue(model, Expand(model, program, dual, other));
                Assert.True(value <= exact, $"run {run}: {value:R} above {exact} with a scatter of {scatter}");
            }
        }
    }

    // W·H̄ cancels: its entries are off by far more than their last digit.
    [Fact]
    public void Certify_ProductsThatCancel_IsAboveTheLossOfTheirPoint()
    {
        var random = new Random(19);
        for (int run = 0; run < Runs; run++)
        {
            int classes = random.Next(2, 9), p = random.Next(2, 7);
            double size = Math.Pow(10, 1 + (6 * random.NextDouble())), budget = 2 * p * size * size;
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(0, classes).Select(_ => Draw(random)), budget, budget);
            var classifier = Matrix<double>.Build.Dense(classes, p, (_, _) => size * (random.NextDouble() - 0.5));
            var means = Matrix<double>.Build.Dense(p, classes, (_, _) => size * (random.NextDouble() - 0.5));
            for (int k = 0; k < classes; k++)
            {
                // a·b − a·b with its rounding, and what is left
                classifier[k, 0] = classifier[k, 1] = size * (0.5 + (0.5 * random.NextDouble()));
                means[0, k] = size * (0.5 + (0.5 * random.NextDouble()));
                means[1, k] = -means[0, k];
                for (int i = 2; i < p; i++)
                {
                    (classifier[k, i], means[i, k]) = (random.NextDouble(), random.NextDouble());
                }
            }

            double upper = DualityGap.Certify(model, classifier, means).PrimalUpperBound;
            FixedPoint loss = ExactModel.Loss(model, classifier.ToArray(), means.Transpose().ToArray());
            Assert.True(upper >= loss, $"run {run}: {upper:R} below {loss}");
        }
    }

    [Fact]
    public void WithoutDecomposition_RandomModels_IsBelowTheOptimum()
    {
        var random = new Random(17);
        for (int run = 0; run < Runs; run++)
        {
            LayerPeeledModel model = RandomModel(random);
            LayerPeeledSolution solution = new ReducedSolver().Solve(model);
            DualityCertificate loose = DualityGap.WithoutDecomposition(solution.Factors);
            Assert.True(loose.IsProof);
            Assert.InRange(loose.LowerBound, 0, solution.Certificate.PrimalUpperBound);
            Assert.Equal(solution.Certificate.PrimalUpperBound, loose.PrimalUpperBound);
        }
    }

    // Dual points of each class, from those of the columns times ρ
    private static FixedPoint[][] Expand(LayerPeeledModel model, NuclearNormProgram program, DualBound dual, ReadOnlySpan<double> ratios)
    {
        var columns = new FixedPoint[model.ClassCount][];
        for (int k = 0; k < columns.Length; k++)
        {
            columns[k] = new FixedPoint[columns.Length];
            for (int j = 0; j < columns.Length; j++)
            {
                double ratio = ratios.IsEmpty ? 1 : ratios[model.GroupOfClass[k]];
                // The proof takes the rounded products as its dual point.
                int h = program.BlockOfClass(k);
                columns[k][j] = (double)((j == k ? dual.OwnDual(h) : dual.Column(h)[program.BlockOfClass(j)]) * ratio);
            }
        }

        return columns;
    }

    private static LayerPeeledModel RandomModel(Random random)
    {
        int groups = random.Next(1, 5);
        ClassGroup[] classes = Enumerable.Range(0, groups)
            .Select(_ => new ClassGroup(random.Next(1, 3), Draw(random), random.Next(3) == 0 ? random.NextDouble() : 1)).Append(new ClassGroup(1, Draw(random))).ToArray();
        return LayerPeeledModel.FromClassGroups(classes, Math.Pow(10, -8 + (9 * random.NextDouble())), Math.Pow(10, -1 + (2 * random.NextDouble())));
    }

    private static double Draw(Random random) => Math.Pow(10, 6 * random.NextDouble()) * (random.Next(2) == 0 ? 1 : random.NextDouble());
}
