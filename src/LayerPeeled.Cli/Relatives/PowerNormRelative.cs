using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Classifiers within their budget, and features within one in the q-norm: an experiment without a certificate, unless q is 2.</summary>
internal sealed class PowerNormRelative(SolveOptions options) : SphericalRelative(options)
{
    private const double DefaultExponent = 4;

    public override IReadOnlyList<Option> Takes => [.. Options.Classes.Sources, Options.Classes.Weights, .. Options.Classes.BudgetOptions, Options.Relatives.Exponent, .. Common];

    protected override double? DefaultBudget => null;

    protected override (NormConstraint Classifiers, NormConstraint Features) Constraints(RelativeRun run, ClassInput input) =>
        (new MeanNorm(input.Model.ClassifierBudget), new MeanNorm(input.Model.FeatureBudget, run.Parsed.GetValue(Options.Relatives.Exponent) ?? DefaultExponent));

    protected override IEnumerable<Fact> Described(RelativeRun run, SphericalModel model) => model is { Classifiers: MeanNorm classifiers, Features: MeanNorm features }
        ?
        [
            Fact.Short("budget E_W", "classifierBudget", classifiers.Budget), Fact.Short("budget E_H, of ‖h_k‖_q^q", "featureBudget", features.Budget),
            Fact.Short("exponent q", "exponent", features.Exponent),
        ]
        : [];

    protected override IEnumerable<Fact> Checks(SphericalSolution solution)
    {
        double exponent = ((MeanNorm)solution.Model.Features).Exponent;
        return
        [
            Fact.Short("mean of ‖h_k‖_q^q", "featureBudgetUsed", solution.ClassMeans.Enumerate().Sum(x => Math.Pow(Math.Abs(x), exponent)) / solution.Model.ClassCount),
            Fact.Small("deviation from a simplex ETF", "etfDeviation", EtfCheck.Of(solution.Classifier, solution.ClassMeans).Deviation),
        ];
    }
}
