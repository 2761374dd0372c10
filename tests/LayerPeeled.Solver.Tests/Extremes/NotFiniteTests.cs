using System.Reflection;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.Regression;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Extremes;

/// <summary>NaN and ∞ are refused wherever they come in, in words that show them.</summary>
public sealed class NotFiniteTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([40, 9, 3], 2, 3);
    private static readonly LayerPeeledModel Penalised = LayerPeeledModel.FromClassCounts([40, 9, 3], new Penalties(1e-2, 1e-3));

    private static readonly Dictionary<string, Action<double>> Entrances = new()
    {
        ["counts of classes"] = x => LayerPeeledModel.FromClassCounts([1, x], 1, 1),
        ["loss weights"] = x => LayerPeeledModel.FromClassCounts([1, 1], 1, 1, [1, x]),
        ["counts of groups"] = x => LayerPeeledModel.FromClassGroups([new(2, x)], 1, 1),
        ["weights of groups"] = x => LayerPeeledModel.FromClassGroups([new(2, 1, x)], 1, 1),
        ["classifier budget"] = x => LayerPeeledModel.FromClassCounts([1, 1], x, 1),
        ["feature budget"] = x => LayerPeeledModel.FromClassCounts([1, 1], 1, x),
        ["classifier penalty"] = x => LayerPeeledModel.FromClassCounts([1, 1], new Penalties(x, 1)),
        ["feature penalty"] = x => LayerPeeledModel.FromClassCounts([1, 1], new Penalties(1, x)),
        ["bias penalty"] = x => LayerPeeledModel.FromClassCounts([1, 1], new Penalties(1, 1) { Bias = x }),
        ["other regulariser"] = x => Model.WithRegulariser(new Budgets(1, x)),
        ["focal loss"] = x => _ = new FocalLoss(x),
        ["label smoothing"] = x => _ = new LabelSmoothingLoss(x),
        ["smoothed hinge"] = x => _ = new SmoothedHingeLoss(x),
        ["vector scaling, γ"] = x => LogitAdjustedLoss.VectorScaling(x, 0),
        ["vector scaling, τ"] = x => LogitAdjustedLoss.VectorScaling(0, x),
        ["class-dependent temperature"] = x => LogitAdjustedLoss.ClassDependentTemperature(x),
        ["label-dependent temperature"] = x => LogitAdjustedLoss.LabelDependentTemperature(x),
        ["logit adjustment"] = x => LogitAdjustedLoss.LogitAdjustment(x),
        ["margin"] = x => LogitAdjustedLoss.DistributionAwareMargin(x),
        ["temperature"] = x => LogitAdjustedLoss.Tempered(x),
        ["target table"] = x => SoftTargets.From(SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(new[,] { { 1, x }, { 1, 1 } }))),
        ["target entries"] = x => SparseColumns.FromTriplets(2, 2, [(0, 0, x), (1, 1, 1)]),
        ["context weights"] = x => SoftTargets.From(Table, [1, x]),
        ["token budget"] = x => _ = new SoftTargetModel(SoftTargets.From(Table), x, 1),
        ["context budget"] = x => _ = new SoftTargetModel(SoftTargets.From(Table), 1, x),
        ["threshold, product"] = x => MinorityCollapseThreshold.At(2, 2, x),
        ["threshold, ratio"] = x => MinorityCollapseThreshold.AtRatio(2, 2, x),
        ["critical product"] = x => MinorityCollapseThreshold.CriticalBudgetProduct(2, 2, x),
        ["threshold diagram"] = x => ThresholdDiagram.Compute(4, [2], [1, x]),
        ["phase diagram, products"] = x => PhaseDiagram.Compute(2, 2, [1, 2], [1, x]),
        ["step imbalance, classifiers"] = x => _ = new StepImbalance(2, 2, 3, x, 1),
        ["step imbalance, features"] = x => _ = new StepImbalance(2, 2, 3, 1, x),
        ["sweep, budgets"] = x => ParameterSweep.AlongRatio(2, 2, x, 1, [1, 2]),
        ["mitigation, counts"] = x => _ = new MitigationAnalysis([5, x], 1, 1),
        ["mitigation, budgets"] = x => _ = new MitigationAnalysis([5, 1], 1, x),
        ["mitigation, tolerance"] = x => new MitigationAnalysis([5, 1, 1], 1, 1).FindWeakestPower(x),
        ["mitigation by losses, counts"] = x => _ = new LossMitigation([5, x], 1, 1),
        ["mitigation by losses, tolerance"] = x => new LossMitigation([5, 1, 1], 1, 1).FindWeakest(LossMitigation.Families[0], x),
        ["effective number"] = x => ReweightingRule.EffectiveNumber(x),
        ["power"] = x => ReweightingRule.Power(x),
        ["oversampling"] = x => ReweightingRule.Oversampling(x, 3),
        ["own weights"] = x => new MitigationAnalysis([5, 1], 1, 1).Apply(ReweightingRule.Custom("own", [1, x])),
        ["penalty path"] = x => new PenaltyPath(Penalised).At(x),
        ["penalty path, grid"] = x => new PenaltyPath(Penalised).Grid(x, 3),
        ["features of samples"] = x => new FeatureAccumulator(2).Add([1.0, x], [0L]),
        ["features of samples in single precision"] = x => new FeatureAccumulator(2).Add([1f, (float)x], [0L]),
        ["features of other data"] = x => new OutOfDistributionAccumulator(Statistics()).Add([1.0, x]),
        ["features, second pass"] = x => new SecondPassAccumulator(Statistics(), Identity(2)).Add([1.0, x], [0L]),
        ["measured classifier"] = x => NeuralCollapse.Measure(Statistics(), Identity(2, x)),
        ["measured bias"] = x => NeuralCollapse.Measure(Statistics(), Identity(2), Vector<double>.Build.Dense([0, x])),
        ["certified classifier"] = x => DualityGap.Certify(Model, Identity(3, x), Identity(3)),
        ["certified means"] = x => DualityGap.Certify(Model, Identity(3), Identity(3, x)),
        ["certified bias"] = x => DualityGap.Certify(LayerPeeledModel.FromClassCounts([1, 1, 1], new Penalties(1, 1) { Bias = 1 }), Identity(3), Identity(3), Vector<double>.Build.Dense([0, 0, x])),
        ["point of the ETF test"] = x => EtfOptimality.Of(Model, Identity(3, x), Identity(3)),
        ["tolerance of the ETF test"] = x => EtfOptimality.Of(Model, Identity(3), Identity(3), x),
        ["temperatures of the margins"] = x => MaxMarginProgram.Of(Model, [1, 1, x], MarginKind.LabelTemperature),
        ["penalties of layers"] = x => _ = new DeepProgram(Penalised, [x]),
        ["contrastive budget"] = x => ContrastiveModel.FromClassCounts([2, 3], x),
        ["contrastive temperature"] = x => ContrastiveModel.FromClassCounts([2, 3], 1, x),
        ["contrastive counts"] = x => ContrastiveModel.FromClassCounts([2, x], 1),
        ["norms"] = x => SphericalModel.FromClassCounts([2, 3], new FixedNorms([1, x]), new FixedNorms(1), 2),
        ["spherical temperature"] = x => SphericalModel.FromClassCounts([2, 3], new FixedNorms(1), new FixedNorms(1), 2, x),
        ["power budget"] = x => SphericalModel.FromClassCounts([2, 3], new MeanNorm(1), new MeanNorm(x), 2),
        ["regression targets"] = x => RegressionCollapse.Of(Identity(3, x), new Penalties(0.1, 0.1)),
    };

    // Of these one end is allowed: R = ∞ is a model, and its threshold.
    private static readonly Dictionary<string, Action<double>> EntrancesOfNotANumber = new()
    {
        ["step imbalance, ratio"] = x => _ = new StepImbalance(2, 2, x, 1, 1),
        ["sweep, ratios"] = x => ParameterSweep.AlongRatio(2, 2, 1, 1, [1, x]),
        ["phase diagram, ratios"] = x => PhaseDiagram.Compute(2, 2, [1, x], [1]),
        ["collapse at a ratio"] = x => MinorityCollapseThreshold.At(2, 2, 1).Collapses(x),
        ["oversampling at a ratio"] = x => MinorityCollapseThreshold.At(2, 2, 1).EscapingOversamplingRate(x),
    };

    public static TheoryData<string> Names => [.. Entrances.Keys, .. EntrancesOfNotANumber.Keys];

    private static SparseColumns Table => SparseColumns.FromTriplets(2, 2, [(0, 0, 1), (1, 1, 1)]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Argument_NotFinite_IsRefusedAndNamed(string name)
    {
        foreach (double value in Entrances.ContainsKey(name) ? [double.NaN, double.PositiveInfinity, double.NegativeInfinity] : new[] { double.NaN, double.NegativeInfinity })
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Entrances.GetValueOrDefault(name, EntrancesOfNotANumber.GetValueOrDefault(name)!)(value));
            Assert.Contains(value.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(error.ParamName), $"{name}: {error.Message}");
        }
    }

    public static TheoryData<string> Options => [.. typeof(SolverOptions).Assembly.GetExportedTypes()
        .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract).Select(type => type.FullName!)];

    // Every number of every options type of the library
    [Theory]
    [MemberData(nameof(Options))]
    public void Options_NotFinite_AreRefusedAndNamed(string name)
    {
        Type type = typeof(SolverOptions).Assembly.GetType(name)!;
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && (p.PropertyType == typeof(double) || p.PropertyType == typeof(double?))))
        {
            foreach (double value in new[] { double.NaN, double.NegativeInfinity, double.PositiveInfinity })
            {
                var error = Record.Exception(() => property.SetValue(Activator.CreateInstance(type), value)) as TargetInvocationException;
                Assert.True(error?.InnerException is ArgumentException, $"{type.Name}.{property.Name} takes {value}");
                Assert.Contains(property.Name, error.InnerException.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Parse_ParametersThatAreNotFinite_AreRefused()
    {
        foreach (LossEntry entry in LossCatalog.Entries)
        {
            foreach (LossParameter parameter in entry.Parameters)
            {
                Assert.All(["NaN", "Infinity", "-Infinity", "1e999"], text => Assert.Contains(
                    text, Assert.Throws<ArgumentException>(() => LossCatalog.Parse($"{entry.Name}:{parameter.Name}={text}")).Message, StringComparison.Ordinal));
            }
        }
    }

    private static Matrix<double> Identity(int size, double corner = 1) =>
        Matrix<double>.Build.Dense(size, size, (i, j) => i == j ? i == size - 1 ? corner : 1 : 0);

    private static FeatureStatistics Statistics()
    {
        var accumulator = new FeatureAccumulator(2);
        accumulator.Add([1.0, 0, 0, 1, 2, 0, 0, 2], [0L, 1L, 0L, 1L]);
        return accumulator.ToStatistics();
    }
}
