using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Diagnosis;

public sealed class FamilyDiagnosisTests
{
    // What gradient descent and the solver leave of the way.
    private const double Converged = 1e-6;

    // A member that is visibly another one.
    private const double Visible = 0.04;
    private const double Decay = 0.08;
    private const int Iterations = 700;
    private static readonly int[] Counts = [60, 60, 60, 60, 60, 3, 3, 3, 3, 3];
    private static readonly NetworkDiagnosisOptions Uncentred = new() { GlobalMean = GlobalMean.None };
    private static readonly Lazy<DescentNetwork> Biased = new(() => new DescentNetwork(Counts, 12, Decay, Decay, Decay, Iterations));
    private static readonly Lazy<DescentNetwork> Unbiased = new(() => new DescentNetwork(Counts, 12, Decay, null, Decay, Iterations));

    [Theory]
    [InlineData(true, GlobalMean.None)]
    [InlineData(false, GlobalMean.None)]
    [InlineData(true, GlobalMean.ClassMeans)]
    public void Of_NetworkTrainedWithDecayAndBias_IsDescribedByThatMemberAlone(bool decayIsKnown, GlobalMean origin)
    {
        DescentNetwork network = Biased.Value;
        Assert.True(network.GradientNorm < Converged, $"{network.GradientNorm}");
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(network.Statistics(), network.Classifier, network.Bias, new FamilyDiagnosisOptions
        {
            Network = new NetworkDiagnosisOptions { GlobalMean = origin },
            ClassifierDecay = decayIsKnown ? Decay : null,
            FeaturePenalty = decayIsKnown ? Decay / Counts.Sum() : null,
        });
        Assert.Equal("ufm, bias decayed", diagnosis.Best!.Name);
        Assert.Equal(decayIsKnown ? StrengthSource.WeightDecay : StrengthSource.Budgets, diagnosis.Best.Source);
        Assert.All(diagnosis.Members, member => Assert.Equal(SolverStatus.Optimal, member.Solution.Status));
        Assertions.Within(0, diagnosis.Best.Misfit.Total, Converged, "best");
        Assertions.Within(1, diagnosis.Best.Goodness, Converged, "goodness");
        Assert.True(diagnosis.IsDescribed);
        Assert.All(diagnosis.Members.Where(member => member.Name != "ufm, bias decayed"), member => Assert.True(member.Misfit.Total > Visible, $"{member.Name} {member.Misfit.Total}"));
        Assert.All(diagnosis.Members.Where(member => member.Name == "lpm"), member => Assert.False(member.Misfit.Total < 0.2, $"{member.Misfit.Total}"));

        // The penalties behind the budgets are those of the training.
        Assertions.Near(Decay, ((Penalties)diagnosis.Best.Model.Regulariser).Classifier, origin == GlobalMean.None || decayIsKnown ? Converged : 1, "λ_W");
        Assert.StartsWith("The network is described best by ufm, bias decayed", diagnosis.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_VectorsThatVanish_AreEqualWhateverIsLeftOfThem()
    {
        // Decay at which the minority has neither classifiers nor features: what the solver leaves of them has no length to compare.
        var penalties = new Penalties(0.13, 0.13 / Counts.Sum()) { Bias = 0.026 };
        LayerPeeledSolution optimum = LayerPeeledSolver.Solve(
            LayerPeeledModel.FromClassCounts(Counts.Select(n => (double)n), penalties, featureDimension: 12)).EnsureOptimal();
        Assert.True(optimum.Groups[1].ClassifierNorm2 < 1e-16);
        var accumulator = new FeatureAccumulator(12, withinScatter: false);
        foreach (int k in Enumerable.Range(0, 10).SelectMany(k => Enumerable.Repeat(k, Counts[k])))
        {
            accumulator.Add(optimum.ClassMeans.Column(k).ToArray(), [k]);
        }

        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(
            accumulator.ToStatistics(), optimum.Classifier, optimum.Bias, new FamilyDiagnosisOptions { Network = Uncentred, ClassifierDecay = 0.13, BiasDecay = 0.026 });

        // The majority alone is balanced: with these budgets every model has the same optimum, and only decay without a bias has another.
        Assert.Equal(["lpm", "ufm, bias decayed", "ufm, bias decayed", "ufm", "ufm"], diagnosis.Members.Select(member => member.Name));
        Assert.All(diagnosis.Members.Take(4), member => Assertions.Within(0, member.Misfit.Total, Converged));
        Assert.Equal(
            "The network is described best by lpm (measured budgets), misfit below 1e-6 (as by ufm, bias decayed (weight decay); ufm, bias decayed (measured budgets); ufm (measured budgets)).",
            diagnosis.Verdict);
        Assert.Equal(StrengthSource.WeightDecay, diagnosis.Members[4].Source);
        Assert.True(diagnosis.Members[4].Misfit.Total > Visible);
    }

    [Fact]
    public void Of_BiasOfItsOwnDecay_IsToldFromOthers()
    {
        var network = new DescentNetwork(Counts, 12, Decay, Decay / 10, Decay, Iterations);
        FamilyDiagnosis Diagnose(double biasDecay) => FamilyDiagnosis.Of(
            network.Statistics(), network.Classifier, network.Bias, new FamilyDiagnosisOptions { Network = Uncentred, ClassifierDecay = Decay, BiasDecay = biasDecay });
        Assertions.Within(0, Diagnose(Decay / 10).Best!.Misfit.Total, Converged);
        Assert.True(Diagnose(Decay).Best!.Misfit.Total > Visible / 2);
        FamilyDiagnosis free = Diagnose(0);
        Assert.Contains(free.Members, member => member.Name == "ufm, bias free" && member.Misfit.Total > 100 * Converged);
    }

    [Fact]
    public void Of_NetworkTrainedWithoutBias_IsDescribedByTheMemberWithout()
    {
        DescentNetwork network = Unbiased.Value;
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(
            network.Statistics(), network.Classifier, null, new FamilyDiagnosisOptions { Network = Uncentred, ClassifierDecay = Decay });
        Assert.Equal(["ufm", "ufm", "lpm"], diagnosis.Members.Select(member => member.Name));
        Assert.All(diagnosis.Members.Take(2), member => Assertions.Within(0, member.Misfit.Total, Converged));
        Assert.True(diagnosis.Members[2].Misfit.Total > Visible);
        Assert.Equal(StrengthSource.WeightDecay, diagnosis.Best!.Source);
    }

    [Fact]
    public void Of_NetworkAtTheOptimumOfTheLayerPeeledModel_IsDescribedByIt()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(1e-6);
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(statistics, classifier, Vector<double>.Build.Dense(10), new FamilyDiagnosisOptions { Network = Uncentred });
        Assert.Equal("lpm", diagnosis.Best!.Name);
        Assertions.Within(0, diagnosis.Best.Misfit.Total, 1e-4);
        Assert.All(diagnosis.Members.Skip(1), member => Assert.True(member.Misfit.Total > Visible));

        // The network is the same as NetworkDiagnosis sees it.
        NetworkDiagnosis alone = NetworkDiagnosis.Of(statistics, classifier, options: Uncentred);
        Assert.Equal(alone.Solution.Objective, diagnosis.Best.Solution.Objective, 1e-12);
        double[] differences =
        [
            alone.Groups[0].ClassifierCosineDifference, alone.Groups[1].ClassifierCosineDifference,
            alone.Measured.ClassifierCosines![0, 1] - alone.Predicted.ClassifierCosines![0, 1],
        ];
        Assertions.Within(Math.Sqrt(differences.Average(d => d * d)), diagnosis.Best.Misfit.ClassifierCosines, 1e-9);
    }

    [Theory]
    [InlineData(1e-7, 0, 0)]
    [InlineData(0.3, 0.7, 1)]
    public void Of_VariationWithinClasses_IsToldFromOtherMisfit(double noise, double leastShare, double mostShare)
    {
        // Next to the optimum but for the noise; and, where there is none, off by classifiers that are too long in one group.
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(noise);
        if (noise < 1e-3)
        {
            classifier = Matrix<double>.Build.Dense(10, classifier.ColumnCount, (k, d) => classifier[k, d] * (k < 5 ? 1 : 2));
        }

        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(
            statistics, classifier, options: new FamilyDiagnosisOptions { Network = Uncentred, Families = ModelFamilies.LayerPeeled });
        Assert.True(Assert.Single(diagnosis.Members).Misfit.Total > 0.02);
        Assert.InRange(diagnosis.VariationShare, leastShare - 1e-6, mostShare + 1e-6);
        Assert.Equal(leastShare > 0, diagnosis.Verdict.StartsWith("But for the variation within classes the network is described best by lpm", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_UntrainedNetwork_IsDescribedByNone()
    {
        var random = new Random(2);
        var accumulator = new FeatureAccumulator(20, withinScatter: false);
        foreach (int k in Enumerable.Range(0, 10).SelectMany(k => Enumerable.Repeat(k, Counts[k])))
        {
            accumulator.Add(Enumerable.Range(0, 20).Select(_ => random.NextDouble()).ToArray(), [k]);
        }

        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(accumulator.ToStatistics(), Matrix<double>.Build.Dense(10, 20, (_, _) => random.NextDouble() - 0.5));
        Assert.False(diagnosis.IsDescribed);
        Assert.StartsWith("No member describes the network: the nearest is ", diagnosis.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_BalancedNetwork_SaysThatASimplexEtfIsAsNear()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(0, Enumerable.Repeat(8, 10).ToArray());
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(statistics, classifier, options: new FamilyDiagnosisOptions { Network = Uncentred });
        Assert.True(diagnosis.IsDescribed);
        Assertions.Within(0, diagnosis.SimplexEtf.Total, 1e-7);
    }

    [Fact]
    public void Of_MembersThatDoNotApply_AreNamedWithTheReason()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(1e-3);
        FeatureStatistics withEmpty = statistics.ForClasses([.. Enumerable.Range(0, 11).Select(k => (long)k)]);
        Matrix<double> rows = classifier.Stack(Matrix<double>.Build.Dense(1, classifier.ColumnCount, 0.01));
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(withEmpty, rows, Vector<double>.Build.Dense(11));
        Assert.DoesNotContain(diagnosis.Members, member => member.Name == "ufm, bias free");
        Assert.Contains(diagnosis.Notes, note => note.StartsWith("ufm, bias free (measured budgets) was left out: A free bias needs examples of every class", StringComparison.Ordinal));

        // Budgets of this size let squared errors vanish; weight decay does not.
        FamilyDiagnosis squared = FamilyDiagnosis.Of(statistics, classifier, options: new FamilyDiagnosisOptions
        {
            Network = new NetworkDiagnosisOptions { Loss = SquaredErrorLoss.Instance },
            ClassifierDecay = 1e-3,
        });
        Assert.Equal(["ufm"], squared.Members.Select(member => member.Name));
        Assert.Equal(2, squared.Notes.Count(note => note.Contains("there is nothing to solve", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_Cancelled_LeavesMembersOut()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(1e-3);
        FamilyDiagnosis diagnosis = FamilyDiagnosis.Of(statistics, classifier, cancellationToken: new CancellationToken(canceled: true));
        Assert.Empty(diagnosis.Members);
        Assert.Null(diagnosis.Best);
        Assert.Equal("No member could be solved.", diagnosis.Verdict);
        Assert.True(double.IsNaN(diagnosis.VariationShare));
    }

    [Fact]
    public void Of_OptionsThatDoNotGoTogether_AreRefused()
    {
        (FeatureStatistics statistics, Matrix<double> classifier) = AtOptimum(1e-3);
        Assert.Throws<ArgumentException>(() => FamilyDiagnosis.Of(statistics, classifier, options: new FamilyDiagnosisOptions { BiasDecay = 1e-3 }));
        Assert.Throws<ArgumentException>(() => FamilyDiagnosis.Of(statistics, classifier, options: new FamilyDiagnosisOptions { FeaturePenalty = 1e-3 }));
        Assert.Throws<ArgumentException>(() => FamilyDiagnosis.Of(statistics, classifier * 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FamilyDiagnosisOptions { ClassifierDecay = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FamilyDiagnosisOptions { Families = 0 });
        Assert.Throws<ArgumentException>(() => FamilyDiagnosis.OfClassifier([1, 2], classifier));
        Assert.Throws<ArgumentException>(() => FamilyDiagnosis.OfClassifier(Enumerable.Repeat(0.0, 10), classifier));
    }

    [Fact]
    public void OfClassifier_TrainedWithoutFeaturesAtHand_FindsTheMember()
    {
        DescentNetwork biased = Biased.Value, unbiased = Unbiased.Value;
        double[] counts = [.. Counts.Select(n => (double)n)];
        var options = new FamilyDiagnosisOptions { ClassifierDecay = Decay };
        FamilyDiagnosis with = FamilyDiagnosis.OfClassifier(counts, biased.Classifier, hasBias: true, options);
        Assert.Equal(["ufm, bias decayed", "ufm"], with.Members.Where(member => member.Name != "lpm").Select(member => member.Name));
        Assertions.Within(0, with.Best!.Misfit.Total, Converged);
        Assert.True(double.IsNaN(with.Best.Misfit.MeanNorms));
        Assert.All(with.Members.Skip(1), member => Assert.True(member.Misfit.Total > 100 * Converged, $"{member.Name} {member.Misfit.Total}"));

        // What the features cost is found with it.
        Assertions.Near(Decay / counts.Sum(), ((Penalties)with.Best.Model.Regulariser).Feature, 1e-4, "λ_H");
        FamilyDiagnosis without = FamilyDiagnosis.OfClassifier(counts, unbiased.Classifier);
        Assert.Equal(["ufm", "lpm"], without.Members.Select(member => member.Name));
        Assertions.Within(0, without.Best!.Misfit.Total, Converged);
        Assert.True(without.Members[1].Misfit.Total > Visible / 2, $"{without.Members[1].Misfit.Total}");
        Assert.True(double.IsNaN(without.VariationShare));
    }

    [Fact]
    public void OfClassifier_SquaredError_KeepsToBudgetsThatLeaveALoss()
    {
        // Three groups: the norms of two would fit the optimum of any model at some budget.
        double[] counts = [60, 60, 60, 60, 25, 25, 25, 8, 8, 8];
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(
            counts, new Budgets(2, 0.3) { FeatureNorm = FeatureNorm.PerSample }, featureDimension: 12, loss: SquaredErrorLoss.Instance);
        FamilyDiagnosis diagnosis = FamilyDiagnosis.OfClassifier(
            counts, LayerPeeledSolver.Solve(model).EnsureOptimal().Classifier,
            options: new FamilyDiagnosisOptions { Network = new NetworkDiagnosisOptions { Loss = SquaredErrorLoss.Instance } });
        Assert.Equal("ufm", diagnosis.Best!.Name);
        Assertions.Within(0, diagnosis.Best.Misfit.Total, Converged);
        Assertions.Near(0.3, ((Budgets)diagnosis.Best.Model.Regulariser).Feature, 1e-4, "E_H");
        Assert.True(diagnosis.Members[1].Misfit.Total > 100 * Converged, $"{diagnosis.Members[1].Misfit.Total}");
    }

    [Fact]
    public void OfClassifier_FreeBias_IsFittedByItsStrengthAlone()
    {
        // The optimum itself: gradient descent is slow along a bias that nothing pulls back.
        double[] counts = [.. Counts.Select(n => (double)n)];
        LayerPeeledSolution optimum = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts(counts, new Penalties(0.08, 0.0003) { Bias = 0 })).EnsureOptimal();
        FamilyDiagnosis diagnosis = FamilyDiagnosis.OfClassifier(counts, optimum.Classifier, hasBias: true);
        Assert.Equal("ufm, bias free", diagnosis.Best!.Name);
        Assertions.Within(0, diagnosis.Best.Misfit.Total, Converged);
        Assertions.Near(0.08, ((Penalties)diagnosis.Best.Model.Regulariser).Classifier, 1e-4, "λ_W");
    }

    private static (FeatureStatistics Statistics, Matrix<double> Classifier) AtOptimum(double noise, int[]? counts = null)
    {
        counts ??= Counts;
        LayerPeeledSolution optimum = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts(counts.Select(n => (double)n), 1, 5, featureDimension: 12)).EnsureOptimal();
        var random = new Random(4);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var accumulator = new FeatureAccumulator(12, withinScatter: false);
        foreach (int k in Enumerable.Range(0, 10).SelectMany(k => Enumerable.Repeat(k, counts[k])))
        {
            accumulator.Add(optimum.ClassMeans.Column(k).Select(m => m + (noise * Normal())).ToArray(), [k]);
        }

        return (accumulator.ToStatistics(), optimum.Classifier);
    }
}
