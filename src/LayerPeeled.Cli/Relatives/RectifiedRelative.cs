using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Features that are not negative: the closed form, or descents from random starts, which end at it or above it.</summary>
internal sealed class RectifiedRelative(SolveOptions options) : Relative(options)
{
    private const string ClosedForm = "closed-form";
    private const string Descent = "descent";
    private const int MostClasses = 300;

    // ‖h‖² over the mean of it, below which a vector has vanished to the digits of a descent
    private const double Vanishing = 1e-8;

    public override IReadOnlyList<Option> Takes =>
    [
        .. Options.Classes.Sources, Options.Classes.Weights, .. Options.Classes.BudgetOptions, .. Options.Regulariser.PenaltyOptions, Options.Regulariser.FeaturesOption,
        Options.Dimension, Options.Method, Options.Limits.Gap, Options.Relatives.Starts, Options.Limits.MaxIterations, Options.Limits.TimeLimit, Options.Limits.Seed,
    ];

    public override RelativeResult Solve(RelativeRun run)
    {
        string method = run.Parsed.GetValue(Options.Method) ?? ClosedForm;
        Option[] ofDescents = [Options.Relatives.Starts, Options.Limits.MaxIterations, Options.Limits.TimeLimit, Options.Limits.Seed];
        if (method is not (ClosedForm or Descent))
        {
            throw new UsageException($"--method '{method}' is not for --model relu; {ClosedForm} or {Descent} is expected.");
        }

        if (method == ClosedForm && GivenOption.First(run.Parsed, ofDescents) is { } given)
        {
            throw new UsageException($"{given.Text} has no meaning with --model relu in closed form; --method {Descent} takes it.");
        }

        ClassInput input = run.Classes(Regulariser(run), CrossEntropyLoss.Instance, method == Descent ? MostClasses : int.MaxValue);
        return method == ClosedForm ? InClosedForm(run, input) : ByDescent(run, input);
    }

    private Regulariser Regulariser(RelativeRun run)
    {
        if (GivenOption.First(run.Parsed, Options.Regulariser.PenaltyOptions) is not { } penalty)
        {
            return new Budgets(Options.Classes.ClassifierBudget(run.Parsed), Options.Classes.FeatureBudget(run.Parsed))
            {
                FeatureNorm = Options.Regulariser.FeaturesIfGiven(run.Parsed) ?? FeatureNorm.PerClass,
            };
        }

        return GivenOption.First(run.Parsed, Options.Classes.BudgetOptions) is { } budget
            ? throw new UsageException($"{budget.Text} and {penalty.Text} are given; budgets, --ew and --eh, or penalties, --lambda-w and --lambda-h, are expected.")
            : Options.Regulariser.Penalties(run.Parsed, null);
    }

    private RelativeResult InClosedForm(RelativeRun run, ClassInput input)
    {
        RectifiedFrame frame = RectifiedFrame.Of(input.Model);
        double tolerance = run.Parsed.GetValue(Options.Limits.Gap) ?? ClosedFormGap;
        double objective = frame.Factors.Loss() + frame.Factors.Penalty(), gap = Math.Max(0, objective - frame.LowerBound) / objective;
        SolverStatus status = gap <= tolerance ? SolverStatus.Optimal : SolverStatus.Stalled;
        return new RelativeResult
        {
            Status = status,
            Headline = StatusLine.Of(status, Gap(gap, tolerance)),
            RelativeGap = gap,
            GapTolerance = tolerance,
            Method = "closed form (orthogonal class means)",
            Input = input,
            Model = [.. Regularised(input.Model), DimensionOf(input.Model)],
            Values =
            [
                Fact.Exact("objective", "objective", objective), Fact.Exact("lower bound", "lowerBound", frame.LowerBound),
                Fact.Exact("multiplier λ", "multiplier", frame.Multiplier),
            ],
            ClosedForm = [Fact.Exact("objective by the formula", "objective", frame.Objective), Fact.Small("the point is above it by", "objectiveDifference", (objective - frame.Objective) / objective)],
            Groups = frame.Groups,
            ClassifierCosines = frame.ClassifierCosines,
            // Features of classes that do not vanish are orthogonal.
            FeatureCosines = Matrix<double>.Build.Dense(frame.Groups.Count, frame.Groups.Count, (g, h) =>
                frame.Groups[g].FeatureNorm2 > 0 && frame.Groups[h].FeatureNorm2 > 0 && (g != h || frame.Groups[g].Classes > 1) ? 0 : double.NaN),
            Table = new NumberTable("Margins: by how much the own logit is above all others", "margins", "group", [("margin", "margin")], [.. frame.Margins.Select(margin => new[] { margin })]),
            Arrays = () => [("weight", frame.Classifier), ("means", frame.ClassMeans)],
        };
    }

    private RelativeResult ByDescent(RelativeRun run, ClassInput input)
    {
        var defaults = new RectifiedOptions();
        RectifiedOptions options = Options.Limits.Apply(run.Parsed, defaults) with { Starts = run.Parsed.GetValue(Options.Relatives.Starts) ?? defaults.Starts };
        RectifiedSolution solution = new RectifiedSolver(options).Solve(input.Model, run.Progress, run.Listen());
        Matrix<double> means = solution.ClassMeans;
        ClassGeometry geometry = Measured(input.Model, solution.Classifier, means);
        double gap = Math.Max(0, solution.Certificate.RelativeGap), mean = geometry.Groups.Sum(group => group.Classes * group.FeatureNorm2) / input.Model.ClassCount;
        return new RelativeResult
        {
            Status = solution.Status,
            Headline = Headline(solution.Status, solution.Starts, Gap(gap, options.RelativeGapTolerance)),
            RelativeGap = gap,
            GapTolerance = options.RelativeGapTolerance,
            Method = $"projected quasi-Newton, {solution.Starts} of at most {options.Starts} starts",
            Iterations = solution.Iterations,
            Input = input,
            Model = [.. Regularised(input.Model), DimensionOf(input.Model)],
            Values =
            [
                Fact.Exact("objective", "objective", solution.Objective), Fact.Exact("lower bound", "lowerBound", solution.Certificate.LowerBound),
            ],
            ClosedForm = Frame(input.Model) is not { } frame ? []
                :
                [
                    Fact.Exact("objective", "objective", frame.Objective), Fact.Small("the point is above it by", "objectiveDifference", (solution.Objective - frame.Objective) / frame.Objective),
                    Fact.Small("distance of the geometry", "distance", GeometryDistance.Between(solution.Factors, frame.Factors).Largest),
                ],
            Checks = [Fact.Short("least entry of a class mean", "leastFeature", means.Enumerate().Min()), Fact.Small("stationarity", "stationarity", solution.Stationarity)],
            Groups = [.. geometry.Groups.Select(group => group with { Collapsed = group.FeatureNorm2 <= Vanishing * mean })],
            ClassifierCosines = geometry.ClassifierCosines,
            FeatureCosines = geometry.FeatureCosines,
            Arrays = () => [("weight", solution.Classifier), ("means", means)],
        };
    }

    // Not for fewer dimensions than there are classes that do not vanish
    private static RectifiedFrame? Frame(LayerPeeledModel model)
    {
        try
        {
            return RectifiedFrame.Of(model);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
