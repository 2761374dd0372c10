using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Several linear layers with weight decay: local solutions from random starts, the bound of the relaxation, and the closed form where there is one.</summary>
internal sealed class DeepRelative(SolveOptions options) : Relative(options)
{
    private const int DefaultLayers = 2;
    private const int MostClasses = 300;

    public override IReadOnlyList<Option> Takes =>
    [
        .. Options.Classes.Sources, Options.Classes.Weights, .. Options.Regulariser.PenaltyOptions, Options.Regulariser.FeaturesOption, Options.Regulariser.LossOption,
        Options.Relatives.Layers, Options.Dimension, Options.Relatives.Starts, Options.Limits.MaxIterations, Options.Limits.TimeLimit, Options.Limits.Seed,
    ];

    public override RelativeResult Solve(RelativeRun run)
    {
        ClassInput input = run.Classes(Options.Regulariser.Penalties(run.Parsed, null), Options.Regulariser.Loss(run.Parsed), MostClasses);
        LayerPeeledModel model = input.Model;
        var program = new DeepProgram(model, run.Parsed.GetValue(Options.Relatives.Layers) ?? DefaultLayers);
        var defaults = new DeepFeaturesOptions();
        DeepFeaturesOptions options = Options.Limits.Apply(run.Parsed, defaults) with { Starts = run.Parsed.GetValue(Options.Relatives.Starts) ?? defaults.Starts };
        CancellationToken token = run.Listen();
        DeepFeaturesSolution solution = new DeepFeaturesSolver(options).Solve(program, run.Progress, token);
        double bound = model.Loss.IsNonNegative ? DeepRelaxation.LowerBound(program, cancellationToken: token) : double.NaN;
        double gap = (solution.Objective - bound) / solution.Objective;
        Matrix<double> classifier = solution.Layers[0], features = solution.Layers.Skip(1).Aggregate((product, layer) => product * layer) * solution.ClassMeans;
        ClassGeometry geometry = Measured(model, classifier, features);
        return new RelativeResult
        {
            Status = solution.Status,
            Headline = Headline(solution.Status, solution.ObjectiveOfStarts.Count, bound > 0 ? $"relative gap {Output.Sheet.Small(gap)} to the bound of a relaxation" : null),
            RelativeGap = gap,
            Method = $"quasi-Newton in all layers, {solution.ObjectiveOfStarts.Count} starts",
            Iterations = solution.Iterations,
            Input = input,
            Model =
            [
                new Fact("linear layers M", "layers", program.Layers, $"{program.Layers}"), .. Regularised(model), Fact.Words("loss", "loss", model.Loss.Name), DimensionOf(model),
            ],
            Values =
            [
                Fact.Exact("objective", "objective", solution.Objective), Fact.Exact("loss without penalties", "meanLoss", solution.Loss),
                Fact.Exact("lower bound, of a relaxation", "lowerBound", bound),
                new Fact("rank of the logits", "rank", solution.Rank, $"{solution.Rank}"),
            ],
            ClosedForm = [.. ClosedForm(program, solution, classifier, features)],
            Checks =
            [
                StartsAtBest(solution.ObjectiveOfStarts, solution.Objective), Fact.Small("stationarity", "stationarity", solution.Stationarity),
                Fact.Small("above the cheapest layers by", "imbalance", (solution.Objective - solution.LeastObjective) / solution.Objective),
            ],
            Groups = WithCollapse(geometry.Groups),
            ClassifierCosines = geometry.ClassifierCosines,
            FeatureCosines = geometry.FeatureCosines,
            Table = new NumberTable("Singular values of Z·D", "singularValues", "number", [("value", "value")], [.. solution.SingularValues.Select(value => new[] { value })]),
            Arrays = () => [("weight", classifier), ("means", features), .. solution.Layers.Skip(1).Select((layer, i) => ($"layer{program.Layers - 1 - i}", layer)), ("features", solution.ClassMeans)],
        };
    }

    private static IEnumerable<Fact> ClosedForm(DeepProgram program, DeepFeaturesSolution solution, Matrix<double> classifier, Matrix<double> features)
    {
        if (Frame(program) is { } frame)
        {
            // The optimum, by a proof and not by numbers
            yield return Fact.Exact("optimum by proof, an orthogonal frame", "objective", frame.Objective);
            yield return Fact.Small("the point is above it by", "objectiveDifference", (solution.Objective - frame.Objective) / frame.Objective);
            Matrix<double> logits = solution.Logits();
            yield return Fact.Small("largest difference of a logit", "distance", Enumerable.Range(0, logits.ColumnCount).Max(k => Enumerable.Range(0, logits.RowCount).Max(j =>
                Math.Abs(logits[j, k] - (j == k ? frame.Logits[program.Model.GroupOfClass[k]] : 0)))));
        }
        else if (Collapse(program) is { } collapse)
        {
            yield return Fact.Exact("best collapsed point, a simplex ETF", "objective", collapse.Objective);
            yield return Fact.Small("the point is above it by", "objectiveDifference", (solution.Objective - collapse.Objective) / collapse.Objective);
            yield return Fact.Small("deviation from a simplex ETF", "distance", EtfCheck.Of(classifier, features).Deviation);
        }
    }

    private static DeepOrthogonalFrame? Frame(DeepProgram program) => program.Model.Loss is SquaredErrorLoss ? Known(() => DeepOrthogonalFrame.Of(program)) : null;

    private static DeepCollapse? Collapse(DeepProgram program) => program.Model.Loss is CrossEntropyLoss ? Known(() => DeepCollapse.Of(program)) : null;

    // The closed forms refuse models that they are not for.
    private static T? Known<T>(Func<T> closedForm)
        where T : class
    {
        try
        {
            return closedForm();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
