using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Spheres: every norm is given.</summary>
internal sealed class SphereRelative(SolveOptions options) : SphericalRelative(options)
{
    public override IReadOnlyList<Option> Takes =>
    [
        .. Options.Classes.Sources, Options.Classes.Weights, .. Options.Classes.BudgetOptions, Options.Relatives.ClassifierNorms, Options.Relatives.FeatureNorms, .. Common,
        Options.Limits.Gap,
    ];

    protected override double? DefaultBudget => 1;

    protected override (NormConstraint Classifiers, NormConstraint Features) Constraints(RelativeRun run, ClassInput input) =>
    (
        Norms(run, input, Options.Relatives.ClassifierNorms, Options.Classes.BudgetOptions[0], input.Model.ClassifierBudget),
        Norms(run, input, Options.Relatives.FeatureNorms, Options.Classes.BudgetOptions[1], input.Model.FeatureBudget)
    );

    protected override IEnumerable<Fact> Described(RelativeRun run, SphericalModel model) =>
    [
        Norms("‖w_k‖²", "classifierNorms2", (FixedNorms)model.Classifiers), Norms("‖h_k‖²", "featureNorms2", (FixedNorms)model.Features),
    ];

    // Balanced classes on two spheres: a simplex ETF, whose logits are those of two budgets
    protected override IEnumerable<Fact> ClosedForm(SphericalSolution solution)
    {
        SphericalModel model = solution.Model;
        if (model.Groups.Count > 1 || model.Dimension < model.ClassCount - 1 || model.Classifiers is not FixedNorms { Values: [var w] } || model.Features is not FixedNorms { Values: [var h] })
        {
            yield break;
        }

        double objective = SimplexEtf.BalancedObjective(LayerPeeledModel.FromClassGroups([new ClassGroup(model.ClassCount, 1)], w / model.Temperature, h / model.Temperature));
        yield return Fact.Exact("objective of a simplex ETF", "objective", objective);
        yield return Fact.Small("the point is above it by", "objectiveDifference", (solution.Objective - objective) / objective);
        yield return Fact.Small("distance of the geometry", "distance", EtfCheck.Of(solution.Classifier, solution.ClassMeans).Deviation);
    }

    protected override IEnumerable<Fact> Checks(SphericalSolution solution)
    {
        Matrix<double> directions = solution.Classifier.NormalizeRows(2);
        return [Fact.Short("one-versus-rest distance of the directions w_k/‖w_k‖", "oneVersusRestDistance", SoftmaxCode.OneVersusRestDistance(directions))];
    }

    private static Fact Norms(string name, string field, FixedNorms norms) => norms.Values is [var one] ? Fact.Short(name, field, one)
        : Fact.Words(name, field, string.Join(", ", norms.Values.ToArray().Select(Output.Sheet.Short).Distinct()));

    // In the order of the groups, as the model numbers its classes
    private static FixedNorms Norms(RelativeRun run, ClassInput input, Option<string?> list, Option single, double norm2)
    {
        int classes = input.Model.ClassCount;
        if (RelativeOptions.Norms(run.Parsed, list, classes) is not { } norms)
        {
            return new FixedNorms(norm2);
        }

        if (GivenOption.First(run.Parsed, [single]) is { } budget)
        {
            throw new UsageException($"{budget.Text} and {list.Name} are given; one of them is expected.");
        }

        IReadOnlyList<int>? sizes = run.Options.Classes.GroupSizes(run.Parsed);
        int expected = sizes?.Count ?? classes;
        if (norms.Length != expected)
        {
            throw new UsageException($"{list.Name} has {norms.Length} numbers; one for each {(sizes is null ? "class" : "group of --classes")} is expected, that is {expected}.");
        }

        double[] ofClass = sizes is null ? norms : [.. sizes.SelectMany((size, g) => Enumerable.Repeat(norms[g], size))];
        return new FixedNorms(input.ClassesByGroup().SelectMany(group => group).Select(k => ofClass[k]));
    }
}
