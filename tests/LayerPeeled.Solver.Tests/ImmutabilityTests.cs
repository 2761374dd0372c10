using System.Reflection;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests;

/// <summary>What the library hands out of its own is a copy or a view.</summary>
public sealed class ImmutabilityTests
{
    // Working matrices, which are there to be written to.
    private static readonly Type[] Mutable = [typeof(GroupedMatrix)];

    [Fact]
    public void PublicMembers_OfTheLibrary_HandOutNoArrays()
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<string> wrong = typeof(LayerPeeledSolution).Assembly.GetExportedTypes().Except(Mutable).SelectMany(type =>
            type.GetProperties(Public).Where(p => p.PropertyType.IsArray).Select(p => $"{type.Name}.{p.Name}")
                .Concat(type.GetFields(Public).Where(f => f.FieldType.IsArray).Select(f => $"{type.Name}.{f.Name}")));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Solution_MatricesOverwritten_StaysAsItWas()
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups([new(2, 9), new(3, 1)], 1, 5));
        double gap = solution.Certificate.RelativeGap, dual = solution.Certificate.Dual.Core[0];
        AssertCopies(() => solution.Classifier, () => solution.ClassMeans, () => solution.ClassifierCosines, () => solution.FeatureCosines);
        solution.Certificate.Dual.Scale(0);
        Assert.Equal(dual, solution.Certificate.Dual.Core[0]);
        Assert.InRange(DualityGap.Certify(solution.Factors).RelativeGap, 0, gap + 1e-12);
    }

    [Fact]
    public void SampleFeatures_Overwritten_StayAsTheyWere()
    {
        var options = new ProjectedGradientOptions { Level = FactorizedLevel.SampleLevel, MaxIterations = 5 };
        LayerPeeledSolution solution = new ProjectedGradientSolver(options).Solve(LayerPeeledModel.FromClassCounts([3, 2], 1, 1));
        AssertCopies(() => solution.SampleFeatures!);
    }

    [Fact]
    public void FeatureStatistics_MatricesOverwritten_StayAsTheyWere()
    {
        var statistics = new FeatureStatistics([0, 1], [3, 2], Matrix<double>.Build.Dense(2, 3, (k, i) => 1 + k + i), [0, 0], Matrix<double>.Build.DenseIdentity(3));
        AssertCopies(() => statistics.ClassMeans, () => statistics.WithinScatter!, () => statistics.SampleMean.ToColumnMatrix());
    }

    [Fact]
    public void GroupedFactors_FromArrays_KeepsItsOwn()
    {
        NuclearNormProgram program = NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassGroups([new(2, 9), new(3, 1)], 1, 5));
        double[] spread = [1, 2], core = [3, 4];
        var factors = new GroupedFactors(program, 1, spread, spread, core, core);
        (spread[0], core[0]) = (7, 7);
        Assert.Equal((1, 3), (factors.ClassifierSpread[0], factors.FeatureCore[0]));
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => new GroupedFactors(program, 1, spread, spread, core, [1]));
        Assert.Contains("has 2 numbers, got 1", wrong.Message, StringComparison.Ordinal);
    }

    private static void AssertCopies(params Func<Matrix<double>>[] matrices) => Assert.All(matrices, matrix =>
    {
        Matrix<double> before = matrix().Clone();
        matrix().Clear();
        Assert.NotEqual(0, before.FrobeniusNorm());
        Assert.Equal(before, matrix());
    });
}
