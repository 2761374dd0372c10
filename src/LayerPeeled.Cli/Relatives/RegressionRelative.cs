using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Solver.Family.Regression;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>Regression with free features, in closed form.</summary>
internal sealed class RegressionRelative(SolveOptions options) : Relative(options)
{
    public override IReadOnlyList<Option> Takes =>
        [Options.Relatives.Values, .. Options.Regulariser.PenaltyOptions, Options.Regulariser.FreeBias, Options.Dimension, Options.Limits.Gap];

    public override RelativeResult Solve(RelativeRun run)
    {
        string path = run.Parsed.GetValue(Options.Relatives.Values)
            ?? throw new UsageException("--values is required with --model regression: a file.npy with the targets, a row an example. For classes see --model ufm with --loss mse.");
        Penalties penalties = Options.Regulariser.Penalties(run.Parsed, run.Parsed.GetValue(Options.Regulariser.FreeBias) ? 0 : null);
        Matrix<double> targets = Read(path).Transpose();
        RegressionCollapse fit = RegressionCollapse.Of(targets, penalties, run.Dimension);
        Matrix<double> classifier = fit.Classifier, features = fit.Features(targets);
        double objective = Objective(fit, targets, classifier, features), gap = objective > 0 ? Math.Max(0, objective - fit.LowerBound) / objective : 0;
        double tolerance = run.Parsed.GetValue(Options.Limits.Gap) ?? ClosedFormGap;
        SolverStatus status = gap <= tolerance ? SolverStatus.Optimal : SolverStatus.Stationary;
        return new RelativeResult
        {
            Status = status,
            Headline = StatusLine.Of(status, Gap(gap, tolerance)),
            RelativeGap = gap,
            GapTolerance = tolerance,
            Method = "closed form (singular values of the targets, shrunk)",
            Model =
            [
                new Fact("targets", "targets", targets.RowCount, $"{targets.RowCount}"), new Fact("examples", "examples", targets.ColumnCount, $"{targets.ColumnCount}"),
                Fact.Short("penalty λ_W", "classifierPenalty", penalties.Classifier), Fact.Short("penalty λ_H", "featurePenalty", penalties.Feature),
                Fact.Words("bias", "bias", penalties.Bias is null ? "none" : "free"), new Fact("feature dimension p", "featureDimension", classifier.ColumnCount, $"{classifier.ColumnCount}"),
            ],
            Values =
            [
                Fact.Exact("objective", "objective", objective), Fact.Exact("lower bound", "lowerBound", fit.LowerBound),
                Fact.Short("shrinkage c", "shrinkage", fit.Shrinkage), new Fact("rank", "rank", fit.Rank, $"{fit.Rank}"),
            ],
            ClosedForm = [Fact.Exact("objective by the formula", "objective", fit.Objective), Fact.Small("the point is above it by", "objectiveDifference", (objective - fit.Objective) / fit.Objective)],
            Table = new NumberTable("Standard deviations along the principal directions", "directions", "direction", [("targets", "targets"), ("predictions", "predictions")],
                [.. fit.TargetDeviations.Zip(fit.PredictionDeviations, (target, prediction) => new[] { target, prediction })]),
            Arrays = () =>
            [
                ("weight", classifier), ("features", features.Transpose()), .. fit.Bias is { } bias ? new[] { ("bias", bias.ToRowMatrix()) } : [],
            ],
        };
    }

    // (1/2N)·‖W·H + b·1ᵀ − Y‖² + (λ_W/2)·‖W‖² + (λ_H/2)·‖H‖², from the examples
    private static double Objective(RegressionCollapse fit, Matrix<double> targets, Matrix<double> classifier, Matrix<double> features)
    {
        Matrix<double> residual = (classifier * features) - targets;
        if (fit.Bias is { } bias)
        {
            residual.MapIndexedInplace((j, _, value) => value + bias[j]);
        }

        double error = residual.FrobeniusNorm(), w = classifier.FrobeniusNorm(), h = features.FrobeniusNorm();
        return 0.5 * ((error * error / targets.ColumnCount) + (fit.Penalties.Classifier * w * w) + (fit.Penalties.Feature * h * h));
    }

    private static Matrix<double> Read(string path)
    {
        using var source = new NumpySource(null, new Dictionary<string, string?> { ["values"] = path });
        return ClassifierFile.Array(source, "values", 2, reader => reader.ReadMatrix());
    }
}
