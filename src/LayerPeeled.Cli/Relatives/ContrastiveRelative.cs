using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>The supervised contrastive loss of the features alone, a convex program in their Gram matrix.</summary>
internal sealed class ContrastiveRelative(SolveOptions options) : Relative(options)
{
    // The closed form of balanced classes is certified class by class.
    private const int MostInClosedForm = 300;

    public override IReadOnlyList<Option> Takes =>
    [
        .. Options.Classes.Sources, Options.Classes.Weights, Options.Classes.BudgetOptions[1], Options.Relatives.Temperature, Options.Relatives.Denominator,
        Options.Limits.Gap, Options.Limits.MaxIterations, Options.Limits.TimeLimit,
    ];

    public override RelativeResult Solve(RelativeRun run)
    {
        ContrastiveDenominator denominator = run.Parsed.GetValue(Options.Relatives.Denominator) ?? ContrastiveDenominator.AllSamples;
        double budget = Options.Classes.FeatureBudget(run.Parsed), temperature = run.Parsed.GetValue(Options.Relatives.Temperature) ?? 1;
        ClassInput input = run.Classes(new Budgets(budget, budget), CrossEntropyLoss.Instance);
        var model = ContrastiveModel.FromClassGroups(input.Model.Groups, budget, temperature, denominator);
        ContrastiveOptions options = Options.Limits.Apply(run.Parsed, new ContrastiveOptions());
        ContrastiveSolution solution = new ContrastiveSolver(options).Solve(model, run.Progress, run.Listen());
        ContrastiveCertificate certificate = solution.Certificate;
        return new RelativeResult
        {
            Status = solution.Status,
            Headline = StatusLine.Of(solution.Status, Gap(certificate.RelativeGap, options.RelativeGapTolerance, " of the excess")),
            RelativeGap = certificate.RelativeGap,
            GapTolerance = options.RelativeGapTolerance,
            Method = "quasi-Newton in factors of the Gram matrix",
            Iterations = solution.Iterations,
            Input = input,
            Model =
            [
                Fact.Short("budget E_H", "featureBudget", budget), Fact.Short("temperature τ", "temperature", temperature),
                Fact.Words("denominator", "denominator", denominator == ContrastiveDenominator.AllSamples ? "all-samples" : "other-samples"),
            ],
            Values =
            [
                Fact.Exact("objective", "objective", solution.Objective), Fact.Exact("lower bound", "lowerBound", certificate.LowerBound),
                Fact.Exact("floor of the loss", "floor", certificate.Floor), Fact.Exact("excess over the floor", "excess", certificate.Excess),
                Fact.Exact("its lower bound", "excessLowerBound", certificate.ExcessLowerBound),
                Fact.Exact("multiplier λ", "multiplier", certificate.Multiplier),
            ],
            ClosedForm = [.. Balanced(solution)],
            Groups = [.. solution.Groups.Select(Measured)],
            FeatureCosines = solution.Cosines,
            Arrays = () => [("means", InOrderOf(input, solution.ClassMeans()))],
        };
    }

    // Balanced classes: √E_H times a simplex ETF
    private static IEnumerable<Fact> Balanced(ContrastiveSolution solution)
    {
        ContrastiveModel model = solution.Model;
        int classes = model.ClassCount;
        if (model.Groups.Count > 1 || classes > MostInClosedForm)
        {
            yield break;
        }

        double excess = ContrastiveCertificate.Certify(model, SimplexEtf.Frame(classes, classes).Transpose() * Math.Sqrt(model.FeatureBudget)).Excess;
        yield return Fact.Exact("excess of a simplex ETF", "objective", excess);
        yield return Fact.Small("the point is above it by", "objectiveDifference", (solution.Certificate.Excess - excess) / excess);
        yield return Fact.Small("distance of the geometry", "distance", FrameCheck.Of(solution.ClassMeans().Transpose()).EtfDistance);
    }

    private static GroupGeometry Measured(ContrastiveGroup group) => new()
    {
        Classes = group.Classes,
        Count = group.Count,
        LossWeight = group.LossWeight,
        ClassifierNorm2 = double.NaN,
        FeatureNorm2 = group.Norm2,
        ClassifierCosine = double.NaN,
        FeatureCosine = group.Cosine,
        LeastClassifierCosine = double.NaN,
        LargestClassifierCosine = double.NaN,
        LeastFeatureCosine = group.LeastCosine,
        LargestFeatureCosine = group.LargestCosine,
        Collapsed = group.Collapsed,
    };
}
