using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Relatives;

/// <summary>The largest margin, in closed form with its certificate.</summary>
internal sealed class MaxMarginRelative(SolveOptions options) : Relative(options)
{
    public override IReadOnlyList<Option> Takes =>
    [
        .. Options.Classes.Sources, .. Options.Classes.BudgetOptions, Options.Regulariser.FeaturesOption, Options.Regulariser.LossOption, Options.Dimension,
        Options.Limits.Gap,
    ];

    public override RelativeResult Solve(RelativeRun run)
    {
        FeatureNorm features = Options.Regulariser.FeaturesIfGiven(run.Parsed) ?? FeatureNorm.PerSample;
        ClassInput input = run.Classes(run.Budgets(1, features), Options.Regulariser.Loss(run.Parsed));
        LayerPeeledModel model = input.Model;
        SeliGeometry seli = SeliGeometry.Of(model);
        MarginCertificate certificate = seli.Certify();
        double tolerance = run.Parsed.GetValue(Options.Limits.Gap) ?? ClosedFormGap;
        // A closed form that does not meet its bound has met the end of double precision.
        SolverStatus status = certificate.Closes(tolerance) ? SolverStatus.Optimal : SolverStatus.Stalled;
        return new RelativeResult
        {
            Status = status,
            Headline = StatusLine.Of(status, Gap(certificate.RelativeGap, tolerance)),
            RelativeGap = certificate.RelativeGap,
            GapTolerance = tolerance,
            Method = "closed form (SELI)",
            Input = input,
            Model = [Fact.Words("loss", "loss", model.Loss.Name), .. Regularised(model), DimensionOf(model)],
            Values =
            [
                Fact.Exact("objective, least ‖Z·D‖_*", "objective", certificate.PrimalValue), Fact.Exact("lower bound", "lowerBound", certificate.LowerBound),
                Fact.Short("largest margin", "margin", seli.Margin),
            ],
            Checks =
            [
                Fact.Short("least margin of the point", "leastMargin", certificate.Margin),
                Fact.Short("mean of ‖w_k‖²", "classifierBudgetUsed", seli.Factors.ClassifierNorm2() / model.ClassCount),
                Fact.Short("mean of ρ_k·‖h_k‖²", "featureBudgetUsed", seli.Factors.FeatureNorm2() / model.ClassCount),
                Fact.Small("distance from a simplex ETF", "etfDistance", seli.DistanceOf(SimplexEtf(model).Factors).Largest),
            ],
            Groups = seli.Groups,
            ClassifierCosines = seli.ClassifierCosines,
            FeatureCosines = seli.FeatureCosines,
            Arrays = () => [("weight", seli.Classifier), ("means", seli.ClassMeans)],
        };
    }

    // The largest margin of features that count per class, without temperatures
    private static SeliGeometry SimplexEtf(LayerPeeledModel model) => SeliGeometry.Of(MaxMarginProgram.Of(
        model.WithRegulariser(new Budgets(1, 1)), model.Groups.Select(_ => 1.0), MarginKind.LabelTemperature));
}
