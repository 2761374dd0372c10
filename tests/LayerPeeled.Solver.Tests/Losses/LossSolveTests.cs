using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

/// <summary>Models with every loss of the catalogue, solved and proven.</summary>
public sealed class LossSolveTests
{
    private static readonly double[] LongTail = Enumerable.Range(0, 100).Select(k => Math.Round(500 * Math.Pow(0.01, k / 99.0))).ToArray();
    private static readonly double[] Steps = [100, 100, 100, 100, 5, 5, 5, 5, 5];
    private static readonly double[] Balanced = [7, 7, 7, 7, 7];

    public static TheoryData<string> Convex =>
    [
        "squared-error", "vs:gamma=0.3,tau=1", "cdt:gamma=0.3", "ldt:gamma=0.3", "la:tau=1", "balanced-softmax", "ldam:c=0.7", "temperature:value=0.8", "smoothing:epsilon=0.1",
        "ovr", "hinge:smoothing=0.5",
    ];

    [Theory]
    [MemberData(nameof(Convex))]
    public void Solve_BalancedStepAndLongTail_IsProven(string name)
    {
        ILoss loss = LossCatalog.Parse(name);
        // A hinge is quadratic in pieces: four hundred steps where others take twenty.
        foreach (double[] counts in new[] { Balanced, Steps, loss is SmoothedHingeLoss ? LongTail.Where((_, k) => k % 4 == 0).ToArray() : LongTail })
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, loss.VanishesAtTarget ? 0.5 : 4, loss: loss);
            LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 }).Solve(model);
            Assert.True(solution.Status == SolverStatus.Optimal, $"{counts.Length} classes: {solution.Status}, gap {solution.Certificate.RelativeGap} after {solution.Iterations}");
            Assert.True(solution.Certificate.IsProof, $"{counts.Length} classes: {solution.Certificate.RelativeGap}");
            if (counts.Length < 20)
            {
                LayerPeeledSolution full = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 1e-10, GeometryErrorTolerance = 1 }).Solve(model);
                Assertions.Near(full.Objective, new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-10, GeometryErrorTolerance = 1 }).Solve(model).Objective, 1e-9);
            }
        }
    }

    [Theory]
    [InlineData("vs:gamma=0.4,tau=0.7")]
    [InlineData("ldam:c=1")]
    [InlineData("smoothing:epsilon=0.1")]
    [InlineData("ovr")]
    [InlineData("hinge:smoothing=1")]
    public void Solve_EveryMethod_AgreesWithTheReducedOne(string name)
    {
        ILoss loss = LossCatalog.Parse(name);
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([12, 12, 4, 4, 1], 1, loss.VanishesAtTarget ? 0.3 : 3, loss: loss);
        LayerPeeledSolution reduced = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-9 }).Solve(model);
        Assert.True(reduced.Certificate.Closes(1e-9) && reduced.Certificate.IsProof);
        foreach (string method in new[] { "low-rank", "nuclear-norm", "frank-wolfe", "sdp", "projected-gradient", "auto" })
        {
            LayerPeeledSolution solution = Method(method).Solve(model);
            Assert.True(solution.Certificate.Closes(1e-6) && solution.Certificate.IsProof, $"{method}: {solution.Status}, {solution.Certificate.RelativeGap}");
            Assertions.Near(reduced.Objective, solution.Objective, 1e-6, method);
        }
    }

    [Theory]
    [InlineData("vs:gamma=-0.3,tau=0.7", 0.1)]
    [InlineData("ldt:gamma=0.3,tau=0.7", 0)]
    [InlineData("ldam:c=1", 0)]
    [InlineData("smoothing:epsilon=0.1", 0)]
    [InlineData("smoothing:epsilon=0.1", 0.1)]
    [InlineData("temperature:value=1.5", 0)]
    [InlineData("ovr", 0.1)]
    [InlineData("hinge:smoothing=0.5", 0)]
    [InlineData("hinge:smoothing=0.5", 0.1)]
    public void Solve_PenaltiesPerSampleWithABias_IsProvenAndTheSameClassByClass(string name, double bias)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([30, 30, 12, 12, 4], new Penalties(0.01, 0.002) { Bias = bias }, loss: LossCatalog.Parse(name));
        LayerPeeledSolution reduced = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 }).Solve(model);
        LayerPeeledSolution full = new LowRankSolver(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 }).Solve(model);
        Assert.True(reduced.Status == SolverStatus.Optimal && reduced.Certificate.IsProof, $"{reduced.Status}, {reduced.Certificate.RelativeGap}, {reduced.Certificate.IsProof}");
        Assert.True(full.Status == SolverStatus.Optimal && full.Certificate.IsProof, $"{full.Status}, {full.Certificate.RelativeGap}");
        Assertions.Near(full.Objective, reduced.Objective, 3e-8);
    }

    // The bias of a class without examples would fall without limit; that of a squared error would not.
    [Theory]
    [InlineData("cross-entropy", true)]
    [InlineData("ovr", true)]
    [InlineData("hinge:smoothing=0.5", true)]
    [InlineData("squared-error", false)]
    public void Model_FreeBiasAndAnEmptyClass_IsRefusedWhereTheLossDoesNotHoldIt(string name, bool refused)
    {
        LayerPeeledModel Make() => LayerPeeledModel.FromClassCounts([3, 2, 0], new Penalties(0.01, 0.01) { Bias = 0 }, loss: LossCatalog.Parse(name));
        Assert.Equal(refused, Record.Exception(Make) is ArgumentException);
    }

    [Theory]
    [InlineData("smoothing:epsilon=0.1")]
    [InlineData("ovr")]
    [InlineData("temperature:value=1.5")]
    public void Solve_MergedGroups_ProvesTheModelItself(string name)
    {
        double[] counts = Enumerable.Range(0, 80).Select(k => 500 * Math.Pow(0.01, k / 79.0)).ToArray();
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, 3, loss: LossCatalog.Parse(name));
        LayerPeeledSolution merged = new LayerPeeled.Solver.Solvers.Merged.MergedSolver(new LowRankOptions { RelativeGapTolerance = 1e-3 }).Solve(model);
        double objective = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-8, GeometryErrorTolerance = 1 }).Solve(model).Objective;
        Assert.True(merged.Status == SolverStatus.Optimal && merged.Certificate.IsProof);
        Assert.InRange(objective, merged.Certificate.LowerBound, merged.Objective * (1 + 1e-8));
    }

    [Theory]
    [InlineData("hinge:smoothing=0.5")]
    [InlineData("focal:gamma=2")]
    public void CurvatureProduct_WithoutTheLogits_IsRefused(string name)
    {
        NuclearNormProgram program = NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassCounts(Steps, 1, 0.5, loss: LossCatalog.Parse(name)));
        GroupedMatrix point = RandomPoints.Draw(program, new Random(1)), gradient = program.CreateMatrix(), product = program.CreateMatrix();
        program.Gradient(point, gradient);
        Assert.Contains("the logits are needed", Assert.Throws<ArgumentException>(() => program.CurvatureProduct(gradient, point, product)).Message, StringComparison.Ordinal);
        program.CurvatureProduct(point, gradient, point, product);
        GroupedMatrix low = program.CreateMatrix(), high = program.CreateMatrix();
        program.Gradient(point.Plus(-1e-6, point), low);
        program.Gradient(point.Plus(1e-6, point), high);
        Assertions.Within(0, product.Plus(-1 / 2e-6, high.Plus(-1, low)).FrobeniusNorm(), 1e-8);
        Assert.Throws<NotSupportedException>(() => LossCatalog.Parse(name).CurvatureProduct(0, [0], [1], 1, [1], out _, new double[1]));
    }

    // Classes of a group are together if and only if κ·ω/√ρ ≤ λ: just above the threshold in λ and just below.
    [Theory]
    [InlineData("smoothing:epsilon=0.1", 0.9)]
    [InlineData("smoothing:epsilon=0.6", 0.4)]
    [InlineData("cdt:gamma=0.5", 0.4472135954999579)]
    [InlineData("cdt:gamma=-0.3", 1.6206565966927624)]
    [InlineData("vs:gamma=0.5,tau=1", 0.4472135954999579)]
    [InlineData("ldt:gamma=0.5", 0.4472135954999579)]
    [InlineData("la:tau=1", 1)]
    [InlineData("balanced-softmax", 1)]
    [InlineData("temperature:value=2", 2)]
    [InlineData("ovr", 1)]
    public void Solve_AroundTheThreshold_CollapsesByTheLawWithItsFactor(string name, double factor)
    {
        double[] counts = [500, 500, 500, 100, 100, 100];
        double threshold = factor * Math.Sqrt(100) / counts.Sum();
        LayerPeeledSolution above = Penalised(counts, name, 1.001 * threshold), below = Penalised(counts, name, 0.99 * threshold);
        Assert.Equal((true, false), (above.Groups[1].Collapsed, below.Groups[1].Collapsed));
        Assert.False(above.Groups[1].ClassifierCosine < 1 - 1e-6);
        Assert.True(below.Groups[1].ClassifierCosine < 1 - 1e-4, $"{below.Groups[1].ClassifierCosine}");
    }

    // A margin of the own logit moves the threshold, unlike adjustments of all logits: κ = 1 + (1 − e^−Δ)·p with p the probability of a sibling where all have the same logit.
    [Fact]
    public void Solve_MarginAroundItsThreshold_StaysApartWhereCrossEntropyCollapses()
    {
        double[] counts = [500, 500, 500, 100, 100, 100];
        double plain = Math.Sqrt(100) / counts.Sum(), margin = 3 / Math.Pow(100, 0.25);
        Assert.True(Penalised(counts, "cross-entropy", 1.02 * plain).Groups[1].Collapsed);
        (double apart, double together) = (1.02 * plain, 2 * plain);
        Assert.False(Penalised(counts, "ldam:c=3", apart).Groups[1].Collapsed);
        while (together - apart > 1e-4 * plain)
        {
            double middle = (apart + together) / 2;
            LayerPeeledSolution solution = Penalised(counts, "ldam:c=3", middle);
            bool collapsed = solution.Groups[1].Collapsed;
            Assert.Equal(collapsed, !(solution.Groups[1].ClassifierCosine < 1 - 1e-6));
            (apart, together) = collapsed ? (apart, middle) : (middle, together);
        }

        // The probability of a sibling with the logits of the point at the threshold, by the definition of the loss
        double[] column = Penalised(counts, "ldam:c=3", together).Logits().Column(5).ToArray();
        double sibling = Math.Exp(column[4]) / (Math.Exp(column[5] - margin) + column.Take(5).Sum(Math.Exp));
        Assertions.Near(1 + ((1 - Math.Exp(-margin)) * sibling), together / plain, 1e-3);
    }

    [Theory]
    [InlineData("hinge:smoothing=0.5", 0.2, 10)]
    [InlineData("hinge:smoothing=0.5", 0.05, 10)]
    [InlineData("hinge:smoothing=2", 0.2, 40)]
    [InlineData("focal:gamma=2", 0.2, 10)]
    [InlineData("focal:gamma=2", 4, 3)]
    public void Groups_LawThatDependsOnThePoint_AgreesWithTheAngles(string name, double budget, double ratio)
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups([new(4, ratio), new(5, 1)], 1, budget, loss: LossCatalog.Parse(name)));
        Assert.All(solution.Groups, group => Assert.Equal(group.Collapsed, !(group.ClassifierCosine < 1 - 1e-6)));
    }

    [Fact]
    public void Solve_Temperature_IsCrossEntropyWithOtherBudgets()
    {
        LayerPeeledSolution tempered = new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Steps, 1, 2, loss: LossCatalog.Parse("temperature:value=1.5"))).EnsureOptimal();
        LayerPeeledSolution plain = new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Steps, 1, 2 * 1.5 * 1.5)).EnsureOptimal();
        Assertions.Near(plain.Objective, tempered.Objective, 1e-11);
        Assertions.Within(plain.Groups[1].ClassifierCosine, tempered.Groups[1].ClassifierCosine, 1e-7);
    }

    // log(1 + (K − 1)e^−α) + ε(K − 1)/K·α at the margin α = K√(E_W·E_H)/(K − 1) of the simplex ETF
    [Fact]
    public void Solve_LabelSmoothingOfBalancedClasses_IsTheSimplexEtfWithItsLoss()
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts([3, 3, 3, 3, 3, 3], 1, 2, loss: new LabelSmoothingLoss(0.2))).EnsureOptimal();
        double alpha = 6 * Math.Sqrt(2) / 5;
        Assertions.Near(Math.Log(1 + (5 * Math.Exp(-alpha))) + (0.2 * 5 / 6 * alpha), solution.Objective, 1e-12);
        Assertions.Within(-0.2, solution.Groups[0].ClassifierCosine, 1e-8);
    }

    [Theory]
    [InlineData("smoothing:epsilon=0.1", FeatureNorm.PerClass)]
    [InlineData("smoothing:epsilon=0.1", FeatureNorm.PerSample)]
    [InlineData("hinge:smoothing=0.5", FeatureNorm.PerClass)]
    [InlineData("hinge:smoothing=0.5", FeatureNorm.PerSample)]
    [InlineData("squared-error", FeatureNorm.PerSample)]
    public void Model_BudgetsThatDoNotBind_AreRefusedFromTheNormOfTheMinimiser(string name, FeatureNorm norm)
    {
        // One class has no examples.
        double[] counts = [30, 30, 12, 5, 5, 5, 0];
        ILoss loss = LossCatalog.Parse(name);
        double own = loss.LeastAt(7);
        var minimiser = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(7, 7, (j, k) =>
            counts[k] == 0 ? 0 : own * ((j == k ? 1 : 0) - (loss.IsShiftInvariant ? 1 / 7.0 : 0)) * (norm == FeatureNorm.PerSample ? Math.Sqrt(counts[k] * 7 / 87) : 1));
        double budget = Math.Pow(RandomPoints.NuclearNorm(minimiser) / 7, 2);
        Assert.Contains("nothing to solve", Assert.Throws<ArgumentException>(() => Model(budget * (1 + 1e-9))).Message, StringComparison.Ordinal);
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-6 }).Solve(Model(budget * 0.8));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.NotNull(Model(budget * (1 - 1e-9)));

        LayerPeeledModel Model(double eh) => LayerPeeledModel.FromClassCounts(counts, new Budgets(1, eh) { FeatureNorm = norm }, loss: loss);
    }

    [Fact]
    public void Solve_Focal_IsALocalSolutionWithoutACertificate()
    {
        var loss = new FocalLoss(2);
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Steps, 1, 4, loss: loss);
        foreach (ISolver method in new ISolver[] { new ReducedSolver(), new LowRankSolver(), new LayerPeeled.Solver.Solvers.Automatic.AutomaticSolver() })
        {
            LayerPeeledSolution solution = method.Solve(model);
            Assert.Equal((SolverStatus.Stationary, false), (solution.Status, solution.Certificate.IsProof));
            Assert.Contains("not convex", solution.Reason, StringComparison.Ordinal);
            Assert.True(solution.Certificate.LowerBound <= 0);
        }

        foreach (string method in new[] { "nuclear-norm", "frank-wolfe", "sdp", "merged" })
        {
            Assert.Contains("convex", Assert.Throws<ArgumentException>(() => Method(method).Solve(model)).Message, StringComparison.Ordinal);
        }

        // γ = 0 is cross-entropy
        Assertions.Near(new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Steps, 1, 4)).Objective,
            new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(Steps, 1, 4, loss: new FocalLoss(0))).Objective, 1e-9);
    }

    private static ISolver Method(string name)
    {
        SolverEntry entry = SolverCatalog.Find(name)!;
        return entry.Create(entry.Defaults);
    }

    private static LayerPeeledSolution Penalised(double[] counts, string name, double strength) =>
        new ReducedSolver().Solve(LayerPeeledModel.FromClassCounts(counts, new Penalties(strength, strength), loss: LossCatalog.Parse(name))).EnsureOptimal();
}
