using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers;

/// <summary>The regularised unconstrained-features model against closed forms, its stationarity conditions and independent methods.</summary>
public sealed class PenaltiesTests
{
    private const double SolverTolerance = 1e-9;

    public static TheoryData<ISolver> Methods => [new ReducedSolver(), new LowRankSolver(), new AutomaticSolver()];

    // Hong, Ling, JMLR 25, 2024: minority collapse from √n_B/N, complete collapse from √n_A/N
    public static TheoryData<int, int, double, double, double, double> Thresholds => new()
    {
        { 5, 5, 500, 100, 0.003333, 0.007454 },
        { 3, 7, 500, 100, 0.004545, 0.010164 },
        { 3, 2, 50, 10, 0.018602, 0.041595 },
    };

    [Theory]
    [MemberData(nameof(Thresholds))]
    public void Solve_AroundTheThresholds_CollapsesAboveAndStaysApartBelow(int ka, int kb, double na, double nb, double minority, double complete)
    {
        foreach (double? bias in new double?[] { null, 0.01, 0 })
        {
            // The digits printed
            Assert.Equal(minority, Math.Sqrt(nb) / ((ka * na) + (kb * nb)), 6e-7);
            LayerPeeledSolution above = Solve(1.0005 * minority), below = Solve(0.9995 * minority);
            Assert.True(above.Groups[1].Collapsed && !below.Groups[1].Collapsed);
            Assert.Equal(1, above.Groups[1].ClassifierCosine, 1e-7);
            Assert.InRange(below.Groups[1].ClassifierCosine, 0.9, 0.9999);
            if (bias is null)
            {
                Assert.Equal(complete, Math.Sqrt(na) / ((ka * na) + (kb * nb)), 6e-7);
                LayerPeeledSolution nothing = Solve(1.001 * complete), little = Solve(0.999 * complete);
                Assert.Equal((0, 0), (nothing.Groups[0].ClassifierNorm2, nothing.Groups[0].FeatureNorm2));
                Assertions.Near(Math.Log(ka + kb), nothing.Objective, 1e-14);
                Assert.True(little.Groups[0].ClassifierNorm2 > 0 && little.Objective < nothing.Objective);
            }

            LayerPeeledSolution Solve(double strength) =>
                new ReducedSolver().Solve(Step(ka, na, kb, nb, new Penalties(strength * 3, strength / 3) { Bias = bias })).EnsureOptimal();
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Solve_BalancedClasses_IsTheClosedForm(ISolver method)
    {
        foreach (double strength in new[] { 1e-30, 1e-8, 1e-4, 0.01 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 20)], new Penalties(strength, 0.3 * strength) { Bias = strength == 0.01 ? 0.1 : null });
            LayerPeeledSolution solution = method.Solve(model).EnsureOptimal();
            // e^{Ka} = √K/(√N·λ_Z) − K + 1, N = 120
            double lambda = strength * Math.Sqrt(0.3), margin = Math.Log((Math.Sqrt(6) / (Math.Sqrt(120) * lambda)) - 5);
            Assertions.Near(margin, SimplexEtf.BalancedMargin(model), 1e-13);
            Assertions.Near(SimplexEtf.BalancedObjective(model), solution.Objective, 1e-10);
            Assertions.Near(Elementary(margin) + (lambda * Math.Sqrt(20) * 5 * margin), solution.Objective, 1e-10);
            Assertions.Within(-0.2, solution.Groups[0].ClassifierCosine, 1e-6);
            (Matrix<double> classifier, Matrix<double> means) = SimplexEtf.BalancedOptimum(model);
            Assertions.Near(classifier.Row(0).Sum(x => x * x), solution.Groups[0].ClassifierNorm2, 1e-4);
            Assertions.Near(means.Column(0).Sum(x => x * x), solution.Groups[0].FeatureNorm2, 1e-4);
        }

        static double Elementary(double margin) => 5 * Math.Exp(-margin) > 1e-10 ? Math.Log(1 + (5 * Math.Exp(-margin))) : 5 * Math.Exp(-margin);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Solve_SquaredError_IsTheOrthogonalFrame(ISolver method)
    {
        double[] counts = [500, 300, 300, 100, 30, 4];
        double total = counts.Sum(), lambda = 0.002;
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, new Penalties(lambda, 2 * lambda), loss: SquaredErrorLoss.Instance);
        LayerPeeledSolution solution = method.Solve(model).EnsureOptimal();
        OrthogonalFrame frame = OrthogonalFrame.Of(model);
        Assertions.Near(frame.Objective, solution.Objective, 1e-10);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            // s_k² = √(n_k·λ_H/λ_W) − N·λ_H if n_k > N²·λ_W·λ_H (Dang et al. 2023, one linear layer)
            double n = model.Groups[g].Count, square = Math.Max(0, Math.Sqrt(n * 2) - (total * 2 * lambda));
            Assert.Equal(n <= total * total * lambda * 2 * lambda, solution.Groups[g].Collapsed);
            Assertions.Within(square, solution.Groups[g].ClassifierNorm2, 1e-6 * 30);
            Assertions.Within(square, frame.ClassifierNorm2[g], 1e-12 * 30);
            Assertions.Within(frame.FeatureNorm2[g], solution.Groups[g].FeatureNorm2, 1e-6);
            Assertions.Within(square / (square + (total * 2 * lambda)), frame.Logits[g], 1e-12);
        }
    }

    [Theory]
    [InlineData(FeatureNorm.PerClass)]
    [InlineData(FeatureNorm.PerSample)]
    public void Solve_SquaredErrorWithinBudgets_IsTheOrthogonalFrame(FeatureNorm norm)
    {
        foreach (double budget in new[] { 0.001, 0.1, 0.6 })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts([50, 30, 30, 10, 3, 1], new Budgets(budget, 1) { FeatureNorm = norm }, loss: SquaredErrorLoss.Instance);
            LayerPeeledSolution reduced = new ReducedSolver().Solve(model).EnsureOptimal(), convex = new NuclearNormSolver().Solve(model).EnsureOptimal();
            OrthogonalFrame frame = OrthogonalFrame.Of(model);
            Assertions.Near(frame.Objective, reduced.Objective, 1e-10);
            Assertions.Near(frame.Objective, convex.Objective, 1e-9);
            Assertions.Near(frame.Multiplier, reduced.Multiplier, 1e-7);
            Assertions.Near(budget, frame.ClassifierNorm2.Zip(model.Groups, (square, g) => square * g.Classes).Sum() / 6, 1e-13);
        }
    }

    [Theory]
    [InlineData(FactorizedLevel.ClassMeans)]
    [InlineData(FactorizedLevel.SampleLevel)]
    public void Solve_BudgetsPerSample_MethodsAgree(FactorizedLevel level)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([12, 12, 7, 3, 3, 1], new Budgets(0.8, 4) { FeatureNorm = FeatureNorm.PerSample });
        LayerPeeledSolution reduced = new ReducedSolver().Solve(model).EnsureOptimal();
        var program = FactorizedProgram.At(model, level);
        foreach (StepRule rule in new[] { StepRule.BarzilaiBorwein, StepRule.Armijo, StepRule.Constant })
        {
            LayerPeeledSolution solution = new ProjectedGradientSolver(new ProjectedGradientOptions { Level = level, StepRule = rule, RelativeGapTolerance = 1e-8 }).Solve(model).EnsureOptimal();
            Assertions.Near(reduced.Objective, solution.Objective, 1e-8);
            Assertions.Near(reduced.Groups[0].FeatureNorm2, solution.Groups[0].FeatureNorm2, 1e-3);
            Matrix<double> means = solution.ClassMeans;
            double used = model.GroupOfClass.ToArray().Select((g, k) => model.Groups[g].Count * means.Column(k).Sum(x => x * x)).Sum() / model.Examples;
            Assertions.Near(4, used, 1e-6);
        }

        // (1/N)·Σ n_k·‖h_k‖² of a point that was projected
        FactorizedPoint far = program.RandomPoint(3), outside = new(far.Classifier * 3, far.Features * 5), projected = program.Project(outside);
        double norm = Enumerable.Range(0, 6).Sum(k => Enumerable.Range(program.ColumnsOf(k).First, program.ColumnsOf(k).Count)
            .Sum(c => projected.Features.Column(c).Sum(x => x * x) * model.Groups[model.GroupOfClass[k]].Count / program.ColumnsOf(k).Count)) / model.Examples;
        Assertions.Near(4, norm, 1e-12);
    }

    public static TheoryData<string, bool, double?> Hundred()
    {
        var data = new TheoryData<string, bool, double?>();
        foreach (string shape in new[] { "balanced", "step", "long tail" })
        {
            foreach (bool squared in new[] { false, true })
            {
                data.Add(shape, squared, null);
                data.Add(shape, squared, 0.01);
                data.Add(shape, squared, 0.0);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Hundred))]
    public void Solve_HundredClasses_IsCertifiedAndFullAgreesWithReduced(string shape, bool squared, double? bias)
    {
        double[] counts = Enumerable.Range(0, 100).Select(k => shape switch
        {
            "balanced" => 100,
            "step" => k < 50 ? 500 : 20,
            _ => Math.Round(500 * Math.Pow(0.01, k / 99.0)),
        }).ToArray();
        // Half of what collapses the smallest classes of all
        double strength = 0.5 * Math.Sqrt(counts.Max()) / counts.Sum() * (shape == "balanced" ? 0.2 : 1);
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(
            counts, new Penalties(strength, strength) { Bias = bias }, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance);
        LayerPeeledSolution reduced = new ReducedSolver().Solve(model).EnsureOptimal(), full = new LowRankSolver().Solve(model).EnsureOptimal();
        Assert.True(reduced.Certificate.IsProof && full.Certificate.IsProof);
        Assertions.Near(reduced.Objective, full.Objective, SolverTolerance);
        if (bias is null)
        {
            LayerPeeledSolution convex = new NuclearNormSolver().Solve(model).EnsureOptimal();
            Assertions.Near(reduced.Objective, convex.Objective, 1e-8);
        }
    }

    public static TheoryData<FeatureNorm, double?, bool> Members()
    {
        var data = new TheoryData<FeatureNorm, double?, bool>();
        foreach (FeatureNorm norm in Enum.GetValues<FeatureNorm>())
        {
            foreach (double? bias in new double?[] { null, 0.02, 0 })
            {
                data.Add(norm, bias, false);
                data.Add(norm, bias, true);
            }
        }

        return data;
    }

    // Nothing of the library but its matrices: the derivatives of the objective as it is written down vanish.
    [Theory]
    [MemberData(nameof(Members))]
    public void Solve_AnyMember_IsStationaryByTheDefinition(FeatureNorm norm, double? bias, bool squared)
    {
        double[] counts = [40, 25, 25, 12, 5, 5], weights = [1, 1, 1, 2, 1, 1];
        double classifierPenalty = 0.004, featurePenalty = norm == FeatureNorm.PerClass ? 0.01 : 0.0005;
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(
            counts, new Penalties(classifierPenalty, featurePenalty) { FeatureNorm = norm, Bias = bias }, weights, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance);
        foreach (ISolver method in new ISolver[] { new ReducedSolver(), new LowRankSolver() })
        {
            LayerPeeledSolution solution = method.Solve(model).EnsureOptimal();
            Matrix<double> w = solution.Classifier, h = solution.ClassMeans, logits = w * h, derivative = logits.Clone();
            Vector<double> b = solution.Bias ?? Vector<double>.Build.Dense(6);
            Assert.Equal(bias is null, solution.Bias is null);
            double total = counts.Zip(weights, (n, v) => n * v).Sum(), loss = 0;
            for (int k = 0; k < 6; k++)
            {
                Vector<double> z = logits.Column(k) + b, own = Vector<double>.Build.Dense(6, j => j == k ? 1 : 0), exponentials = z.PointwiseExp();
                double weight = counts[k] * weights[k] / total;
                Vector<double> slope = squared ? z - own : (exponentials / exponentials.Sum()) - own;
                derivative.SetColumn(k, weight * slope);
                loss += weight * (squared ? 0.5 * (z - own).Sum(x => x * x) : Math.Log(exponentials.Sum()) - z[k]);
            }

            double Cost(int k) => norm == FeatureNorm.PerClass ? 1 : counts[k];
            double penalties = (0.5 * classifierPenalty * w.Enumerate().Sum(x => x * x))
                + (0.5 * featurePenalty * Enumerable.Range(0, 6).Sum(k => Cost(k) * h.Column(k).Sum(x => x * x))) + (0.5 * (bias ?? 0) * b.Sum(x => x * x));
            Assertions.Near(loss + penalties, solution.Objective, 1e-12);
            Assertions.Near(loss, solution.Loss, 1e-12);
            Assertions.Within(0, ((derivative * h.Transpose()) + (classifierPenalty * w)).FrobeniusNorm(), 1e-8);
            Matrix<double> pull = w.Transpose() * derivative;
            for (int k = 0; k < 6; k++)
            {
                Assertions.Within(0, (pull.Column(k) + (featurePenalty * Cost(k) * h.Column(k))).L2Norm(), 1e-8);
            }

            Assertions.Within(0, bias is null ? 0 : (derivative.RowSums() + (bias.Value * b)).L2Norm(), 1e-8);
            Assert.True((solution.Logits() - logits - Matrix<double>.Build.Dense(6, 6, (j, _) => b[j])).FrobeniusNorm() <= 1e-12 * logits.FrobeniusNorm());
            Assert.True((solution.FeatureGram() - (h.Transpose() * h)).FrobeniusNorm() <= 1e-12 * (h.Transpose() * h).FrobeniusNorm());
            for (int g = 0; g < model.Groups.Count; g++)
            {
                int k = model.GroupOfClass.ToArray().ToList().IndexOf(g);
                Assertions.Within(h.Column(k).Sum(x => x * x), solution.Groups[g].FeatureNorm2, 1e-7);
            }
        }
    }

    [Fact]
    public void Solve_PenaltiesOfAnySize_IsCertified()
    {
        foreach (double strength in new[] { 1e-100, 1e-60, 1e-20, 1e-6, 1, 1e30, 1e100 })
        {
            foreach (double? bias in new double?[] { null, 1e-3, 0 })
            {
                LayerPeeledSolution solution = new AutomaticSolver().Solve(Step(5, 500, 5, 100, new Penalties(strength, strength) { Bias = bias }));
                Assert.True(SolverStatus.Optimal == solution.Status, $"{strength}, {bias}: {solution.Status}, {solution.Certificate.RelativeGap}");
            }
        }
    }

    [Fact]
    public void Solve_ClassesWithoutExamples_HaveNoFeatures()
    {
        foreach (double? bias in new double?[] { null, 1e-3 })
        {
            LayerPeeledSolution solution = new AutomaticSolver().Solve(Step(5, 500, 5, 0, new Penalties(1e-3, 1e-3) { Bias = bias })).EnsureOptimal();
            Assert.Equal(0, solution.Groups[1].FeatureNorm2);
            Assert.True(solution.Groups[1].Collapsed);
        }
    }

    [Fact]
    public void Solve_FewerDimensionsThanTheOptimumNeeds_KeepsTheBoundOpen()
    {
        LayerPeeledSolution solution = new AutomaticSolver().Solve(LayerPeeledModel.FromClassGroups([new(5, 500), new(5, 100)], new Penalties(1e-3, 1e-3) { Bias = 0.01 }, 3));
        LayerPeeledSolution relaxed = new AutomaticSolver().Solve(Step(5, 500, 5, 100, new Penalties(1e-3, 1e-3) { Bias = 0.01 })).EnsureOptimal();
        Assert.Equal(SolverStatus.Stationary, solution.Status);
        Assert.Equal(3, solution.Classifier.ColumnCount);
        Assert.True(solution.Objective > relaxed.Objective && solution.Certificate.LowerBound <= relaxed.Objective);
        Assert.True(solution.Certificate.LowerBound > relaxed.Objective * (1 - 1e-9));
    }

    private static LayerPeeledModel Step(int ka, double na, int kb, double nb, Regulariser regulariser) =>
        LayerPeeledModel.FromClassGroups([new(ka, na), new(kb, nb)], regulariser);
}
