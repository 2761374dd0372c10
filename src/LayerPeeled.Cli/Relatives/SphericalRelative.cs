using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Vectors on sets of their own in p dimensions, with cross-entropy at a temperature: descents from several starts, and a lower bound where there is one.</summary>
internal abstract class SphericalRelative(SolveOptions options) : Relative(options)
{
    private const int MostClasses = 300;

    /// <summary>What both members take.</summary>
    protected IReadOnlyList<Option> Common =>
    [
        Options.Relatives.Temperature, Options.Dimension, Options.Relatives.Starts, Options.Limits.MaxIterations, Options.Limits.TimeLimit, Options.Limits.Seed,
    ];

    /// <summary>E_W and E_H where they are not given; null where they have to be.</summary>
    protected abstract double? DefaultBudget { get; }

    /// <summary>Where the vectors may be.</summary>
    protected abstract (NormConstraint Classifiers, NormConstraint Features) Constraints(RelativeRun run, ClassInput input);

    /// <summary>The constraints in words.</summary>
    protected abstract IEnumerable<Fact> Described(RelativeRun run, SphericalModel model);

    /// <summary>The closed form, where there is one.</summary>
    protected virtual IEnumerable<Fact> ClosedForm(SphericalSolution solution) => [];

    /// <summary>What is measured at the point.</summary>
    protected abstract IEnumerable<Fact> Checks(SphericalSolution solution);

    public override RelativeResult Solve(RelativeRun run)
    {
        Budgets budgets = DefaultBudget is { } fallback ? run.Budgets(fallback, FeatureNorm.PerClass)
            : new Budgets(Options.Classes.ClassifierBudget(run.Parsed), Options.Classes.FeatureBudget(run.Parsed));
        ClassInput input = run.Classes(budgets, CrossEntropyLoss.Instance, MostClasses);
        (NormConstraint classifiers, NormConstraint features) = Constraints(run, input);
        double temperature = run.Parsed.GetValue(Options.Relatives.Temperature) ?? 1;
        var model = SphericalModel.FromClassGroups(input.Model.Groups, classifiers, features, input.Model.FeatureDimension, temperature);
        var defaults = new SphericalOptions();
        SphericalOptions options = Options.Limits.Apply(run.Parsed, defaults) with { Starts = run.Parsed.GetValue(Options.Relatives.Starts) ?? defaults.Starts };
        SphericalSolution solution = new SphericalSolver(options).Solve(model, run.Progress, run.Listen());
        Matrix<double> classifier = InOrderOf(input, solution.Classifier.Transpose()).Transpose(), means = InOrderOf(input, solution.ClassMeans);
        // The norms stand in for budgets, which decide what is too short to have a direction.
        var used = new Budgets(MeanSquare(classifier, input), MeanSquare(means, input));
        ClassGeometry geometry = Measured(input.Model.WithRegulariser(used), classifier, means);
        bool bounded = solution.LowerBound > 0;
        return new RelativeResult
        {
            Status = solution.Status,
            Headline = Headline(solution.Status, solution.StartObjectives.Count, bounded ? Gap(solution.RelativeGap, options.RelativeGapTolerance) : null),
            RelativeGap = bounded ? solution.RelativeGap : double.NaN,
            GapTolerance = bounded ? options.RelativeGapTolerance : null,
            Method = $"quasi-Newton, {solution.StartObjectives.Count} of at most {options.Starts} starts",
            Iterations = solution.Iterations,
            Input = input,
            Model = [.. Described(run, model), Fact.Short("temperature τ", "temperature", temperature), DimensionOf(input.Model)],
            Values =
            [
                Fact.Exact("objective", "objective", solution.Objective),
                bounded ? Fact.Exact("lower bound", "lowerBound", solution.LowerBound) : new Fact("lower bound", "lowerBound", double.NaN, "none"),
            ],
            ClosedForm = [.. ClosedForm(solution)],
            Checks = [StartsAtBest(solution.StartObjectives, solution.Objective), Fact.Short("least margin", "leastMargin", solution.Margin), .. Checks(solution)],
            Groups = WithCollapse(geometry.Groups),
            ClassifierCosines = geometry.ClassifierCosines,
            FeatureCosines = geometry.FeatureCosines,
            Arrays = () => [("weight", classifier), ("means", means)],
        };
    }

    private static double MeanSquare(Matrix<double> vectors, ClassInput input) => Math.Pow(vectors.FrobeniusNorm(), 2) / input.Model.ClassCount;
}
