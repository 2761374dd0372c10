using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Diagnosis;

public sealed class NetworkDiagnosisTests
{
    // Noise of this size in every feature: norms and angles of class means move by about as much, budgets by its square.
    private const double Noise = 1e-5;
    private const double NoiseTolerance = 1e-3;

    /// <summary>A network that sits at the optimum of the model, turned in feature space, with noise inside the classes.</summary>
    private static (FeatureStatistics Statistics, Matrix<double> Classifier) TrainedNetwork(
        int[] counts, double classifierBudget, double featureBudget, int dimension, double offset = 0, double noise = Noise)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts.Select(n => (double)n), classifierBudget, featureBudget, featureDimension: dimension);
        LayerPeeledSolution optimum = new ReducedSolver(new LowRankOptions()).Solve(model).EnsureOptimal();
        var random = new Random(17);
        Matrix<double> turn = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => random.NextDouble() - 0.5).QR().Q;
        Matrix<double> means = optimum.ClassMeans.Transpose() * turn;
        var accumulator = new FeatureAccumulator(dimension, withinScatter: false);
        for (int k = 0; k < counts.Length; k++)
        {
            for (int i = 0; i < counts[k]; i++)
            {
                accumulator.Add(means.Row(k).Select(m => m + offset + (noise * (random.NextDouble() - 0.5))).ToArray(), [k]);
            }
        }

        return (accumulator.ToStatistics(), optimum.Classifier * turn);
    }

    private static int[] Step(int majority, int minority, int ratio) => [.. Enumerable.Repeat(2 * ratio, majority), .. Enumerable.Repeat(2, minority)];

    [Theory]
    [InlineData(4, false)]
    [InlineData(30, true)]
    public void Of_NetworkAtItsOptimum_FindsWhatTheModelPredicts(int ratio, bool collapses)
    {
        // R_0 = 12.19 for five and five classes at E_W·E_H = 5 (reference/thresholds).
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork(Step(5, 5, ratio), 1, 5, 16);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(
            statistics, classifier, options: new NetworkDiagnosisOptions { GlobalMean = GlobalMean.None });

        Assert.Equal(SolverStatus.Optimal, diagnosis.Solution.Status);
        Assert.Equal(collapses ? [5, 6, 7, 8, 9] : [], diagnosis.CollapsedClasses.Select(c => c.Index));
        Assert.All(diagnosis.CollapsedClasses, c => Assert.Equal(ratio, c.BalancingWeight));
        Assert.Equal(2, diagnosis.Groups.Count);
        Assert.Equal(collapses ? 5 : 0, diagnosis.Groups[1].ClassesBelowCriticalSize);
        foreach (ClassGroupComparison group in diagnosis.Groups)
        {
            Assertions.Within(0, group.ClassifierCosineDifference, NoiseTolerance, "classifier cosine");
            Assertions.Within(0, group.MeanCosineDifference, NoiseTolerance, "mean cosine");
            Assertions.Within(1, group.ClassifierNormRatio, NoiseTolerance, "classifier norm");
            Assertions.Within(1, group.MeanNormRatio, NoiseTolerance, "mean norm");
        }

        Assertions.Within(collapses ? 1 : diagnosis.Solution.ClassifierCosines[1, 1], diagnosis.Groups[1].Measured.ClassifierCosines.Mean, NoiseTolerance);
        Assertions.Within(diagnosis.Predicted.Duality!.Distance, diagnosis.Measured.Duality!.Distance, NoiseTolerance);

        // The prediction, measured by the code for networks, agrees with the solver's own geometry.
        Assertions.Within(diagnosis.Solution.ClassifierCosines[0, 0], diagnosis.Groups[0].Predicted.ClassifierCosines.Mean, 1e-9);
        Assertions.Within(diagnosis.Solution.FeatureCosines[0, 1], diagnosis.Predicted.MeanCosines[0, 1], 1e-9);
        Assertions.Near(diagnosis.Solution.Groups[1].FeatureNorm2, Math.Pow(diagnosis.Groups[1].Predicted.MeanNorms.Mean, 2), 1e-9);
    }

    [Fact]
    public void Of_BalancedNetworkWithAnOffset_IsASimplexEtf()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork(Step(6, 0, 10), 2, 3, 8, offset: 4);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(statistics, classifier);
        Assert.Empty(diagnosis.CollapsedClasses);
        ClassGroupComparison group = Assert.Single(diagnosis.Groups);
        Assertions.Within(-0.2, group.Predicted.MeanCosines.Mean, 1e-9);
        Assertions.Within(0, group.MeanCosineDifference, NoiseTolerance);
        Assertions.Within(1, group.MeanNormRatio, NoiseTolerance);
        Assertions.Within(3, diagnosis.Solution.Model.FeatureBudget, NoiseTolerance);
        Assertions.Within(0, diagnosis.Measured.MeanFrame.AngleDeviation, NoiseTolerance);
    }

    [Fact]
    public void Of_UntrainedNetwork_ShowsTheDifference()
    {
        var random = new Random(2);
        var accumulator = new FeatureAccumulator(20, withinScatter: false);
        int[] counts = Step(5, 5, 30);
        foreach (int k in Enumerable.Range(0, 10).SelectMany(k => Enumerable.Repeat(k, counts[k])))
        {
            accumulator.Add(Enumerable.Range(0, 20).Select(_ => random.NextDouble() - 0.5).ToArray(), [k]);
        }

        // Orthogonal classifiers, where the model puts all five of the minority on one line.
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(accumulator.ToStatistics(), Matrix<double>.Build.DenseDiagonal(10, 20, Math.Sqrt(3)));
        Assert.Equal(5, diagnosis.CollapsedClasses.Count);
        Assertions.Within(-1, diagnosis.Groups[1].ClassifierCosineDifference, 1e-9);
        Assert.True(Math.Abs(diagnosis.Groups[1].MeanCosineDifference) > 0.3);

        // With a third of the budget the optimum has no minority classifier at all.
        NetworkDiagnosis starved = NetworkDiagnosis.Of(accumulator.ToStatistics(), Matrix<double>.Build.DenseDiagonal(10, 20, 1));
        Assert.True(double.IsNaN(starved.Groups[1].ClassifierCosineDifference));
        Assert.True(starved.Groups[1].ClassifierNormRatio > 1e6);
        Assert.Contains(starved.Notes, n => n.StartsWith("In the optimum classifiers vanish among the 5 classes with 2 to 2 examples", StringComparison.Ordinal));
        Assert.Contains(diagnosis.Notes, n => n.Contains("within classes", StringComparison.Ordinal));
    }

    [Fact]
    public void ClassesStillCollapsed_ReweightedOptimum_TellsWhetherTheWeightsAreEnough()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork(Step(5, 5, 30), 1, 5, 16);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(statistics, classifier, options: new NetworkDiagnosisOptions { GlobalMean = GlobalMean.None });

        // Collapse is avoided iff w > R/R_0 = 30/12.19 = 2.46.
        foreach ((double weight, bool isEnough) in new[] { (2.3, false), (2.6, true), (30.0, true) })
        {
            double[] weights = [.. Enumerable.Repeat(1.0, 5), .. Enumerable.Repeat(weight, 5)];
            LayerPeeledSolution reweighted = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts(
                diagnosis.Measured.Counts.Select(n => (double)n), diagnosis.Solution.Model.ClassifierBudget, diagnosis.Solution.Model.FeatureBudget, weights));
            Assert.Equal(SolverStatus.Optimal, reweighted.Status);
            Assert.Equal(isEnough ? [] : [5, 6, 7, 8, 9], diagnosis.ClassesStillCollapsed(weights, reweighted));
        }

        double[] ones = Enumerable.Repeat(1.0, 10).ToArray();
        Assert.Equal(5, diagnosis.ClassesStillCollapsed(ones, diagnosis.Solution).Count);
        Assert.Throws<ArgumentException>(() => diagnosis.ClassesStillCollapsed(ones[1..], diagnosis.Solution));
        Assert.Throws<ArgumentException>(() => diagnosis.ClassesStillCollapsed(ones.Select(_ => 2.0).ToArray(), diagnosis.Solution));
    }

    [Fact]
    public void Of_LossWeights_EnterTheModel()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork(Step(5, 5, 30), 1, 5, 16);
        double[] weights = [.. Enumerable.Repeat(1.0, 5), .. Enumerable.Repeat(30.0, 5)];
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(
            statistics, classifier, options: new NetworkDiagnosisOptions { GlobalMean = GlobalMean.None, LossWeights = weights });
        Assert.Empty(diagnosis.CollapsedClasses);
        Assertions.Within(-1.0 / 9, diagnosis.Groups[1].Predicted.ClassifierCosines.Mean, 1e-9);
        Assert.Throws<ArgumentException>(
            () => NetworkDiagnosis.Of(statistics, classifier, options: new NetworkDiagnosisOptions { LossWeights = [1, 2] }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(100)]
    public void Of_ManyDistinctCounts_AreBinnedForDisplayOnly(int mostGroups)
    {
        int[] counts = Enumerable.Range(0, 40).Select(k => (int)Math.Round(200 * Math.Pow(0.9, k))).ToArray();
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork(counts, 1, 20, 40);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(
            statistics, classifier, options: new NetworkDiagnosisOptions { MostGroups = mostGroups, GlobalMean = GlobalMean.None });
        int distinct = counts.Distinct().Count();
        Assert.Equal(Math.Min(mostGroups, distinct), diagnosis.Groups.Count);
        Assert.Equal(distinct, diagnosis.Solution.Model.Groups.Count);
        Assert.Equal(Enumerable.Range(0, 40), diagnosis.Groups.SelectMany(g => g.Measured.Classes).Order());
        for (int g = 1; g < diagnosis.Groups.Count; g++)
        {
            Assert.True(diagnosis.Groups[g].Measured.LargestCount < diagnosis.Groups[g - 1].Measured.SmallestCount);
        }

        if (mostGroups == 5)
        {
            Assert.All(diagnosis.Groups, g => Assert.InRange(g.Measured.Classes.Count, 6, 10));
        }

        Assert.Equal(diagnosis.CollapsedClasses.Count, diagnosis.Groups.Sum(g => g.ClassesBelowCriticalSize));
        Assert.All(diagnosis.Groups.Where(g => g.Measured.Classes.Count > 1), g => Assertions.Within(0, g.ClassifierCosineDifference, NoiseTolerance));
    }

    [Fact]
    public void Of_FewerDimensionsThanClasses_IsComparedWithAWarning()
    {
        SolverStatus[] notProven = [SolverStatus.Stationary, SolverStatus.Stalled, SolverStatus.IterationLimit];
        var random = new Random(4);
        var accumulator = new FeatureAccumulator(3);
        foreach (int k in Enumerable.Range(0, 60).Select(i => i % 6))
        {
            accumulator.Add([Math.Cos(k), Math.Sin(k), 0.1 * random.NextDouble()], [k]);
        }

        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(accumulator.ToStatistics(), Matrix<double>.Build.Dense(6, 3, (k, d) => Math.Sin(k + d)));
        Assert.Contains(diagnosis.Solution.Status, notProven);
        Assert.Equal(3, diagnosis.Solution.Classifier.ColumnCount);
        Assert.Contains(diagnosis.Notes, n => n.Contains("fewer than K − 1 = 5", StringComparison.Ordinal));
        Assert.Contains(diagnosis.Notes, n => n.Contains("not certified", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ClassesWithoutExamples_StayInTheModel()
    {
        (FeatureStatistics full, Matrix<double> classifier) = TrainedNetwork([40, 40, 40, 8], 1, 5, 6);
        FeatureStatistics statistics = full.ForClasses([0, 1, 2, 3, 9, 11]);
        Matrix<double> rows = classifier.Stack(Matrix<double>.Build.Dense(2, 6, 0.01));
        NetworkDiagnosis diagnosis = NetworkDiagnosis.Of(statistics, rows);
        Assert.Equal(6, diagnosis.Solution.Model.ClassCount);
        Assert.Equal([4, 5], diagnosis.CollapsedClasses.Take(2).Select(c => c.Index));
        Assert.Equal(double.PositiveInfinity, diagnosis.CollapsedClasses[0].BalancingWeight);
        Assert.Equal([9L, 11], diagnosis.Groups[^1].Measured.Classes.Select(k => diagnosis.Measured.Labels[k]));
        Assert.True(double.IsNaN(diagnosis.Groups[^1].MeanCosineDifference));
    }

    [Fact]
    public void Of_BadInput_IsRefused()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = TrainedNetwork([10, 10, 10], 1, 5, 6);
        Assert.Throws<ArgumentException>(() => NetworkDiagnosis.Of(statistics, classifier * 0));
        Assert.Throws<ArgumentException>(() => NetworkDiagnosis.Of(statistics, classifier.SubMatrix(0, 2, 0, 6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkDiagnosisOptions { MostGroups = 0 });
    }
}
