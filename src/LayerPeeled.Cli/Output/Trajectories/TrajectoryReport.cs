using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Cli.Output.Trajectories;

/// <summary>A trajectory in every form the tool writes.</summary>
internal sealed class TrajectoryReport(
    ClassInput input, FactorizedProgram program, TrajectoryModel model, TrajectoryRule rule, TrajectoryTarget? target, Trajectory trajectory) : IReport
{
    private const int LongTable = 25;
    private readonly (string Name, Func<TrajectoryRecord, double> Value)[] columns = TrajectoryColumns.Of(program.Model.Groups.Count);

    public Trajectory Trajectory => trajectory;

    private bool IsFree => model == TrajectoryModel.Free;

    public void Write(Sheet sheet)
    {
        sheet.Facts(
        [
            .. input.Facts(),
            ("model", IsFree ? "unconstrained" : $"E_W = {Sheet.Short(program.Model.ClassifierBudget)}, E_H = {Sheet.Short(program.Model.FeatureBudget)}"),
            ("feature columns", $"{program.ColumnCount} of dimension {program.FeatureDimension}"),
            ("rule", TrajectorySettings.Word(rule)),
            ("compared with", target is null ? "nothing" : IsFree ? $"the largest margin, normalised {Sheet.Short(target.NormalisedMargin)}" : "the certified optimum"),
        ]);
        int[] shown = Excerpt.Indices(trajectory.Records.Count, LongTable);
        sheet.Table(
            ["step", IsFree ? "log t" : "gap", IsFree ? "log loss" : "objective", "‖W‖²", "margin", "normalised", "NC1", "NC2 w", "NC2 h", "NC3", "distance w", "distance h"],
            shown.Select(i => trajectory.Records[i]).Select(record => (string[])
            [
                CsvText.Number(record.Step), IsFree ? Number(record.LogTime) : Number(record.RelativeGap), Sheet.Short(IsFree ? record.LogObjective : record.Objective),
                Number(record.ClassifierNorm2), Number(record.Margin), Sheet.Short(record.NormalisedMargin), Number(record.Variability),
                Number(record.ClassifierFrameDeviation), Number(record.MeanFrameDeviation), Number(record.DualityDistance),
                Number(record.ClassifierDistance), Number(record.MeanDistance),
            ]));
        if (shown.Length < trajectory.Records.Count)
        {
            sheet.Line($"{shown.Length} of {trajectory.Records.Count} records are shown; --csv and --json have all.");
        }

        sheet.Line(End());
    }

    public string ToJson() => NotedJson.Document(input.Notes, json =>
    {
        json.Text("command", "trajectory");
        json.Text("model", IsFree ? "free" : "lpm");
        json.Text("level", program.Level == FactorizedLevel.SampleLevel ? "samples" : "means");
        json.Text("rule", TrajectorySettings.Word(rule));
        json.Number("classes", program.Model.ClassCount);
        input.Write(json);
        json.Number("featureDimension", program.FeatureDimension);
        json.Text("end", trajectory.End.ToString());
        if (target is not null && IsFree)
        {
            json.Number("largestNormalisedMargin", target.NormalisedMargin);
        }

        if (trajectory.Solution is { } solution)
        {
            json.Text("status", solution.Status.ToString());
            json.Number("objective", solution.Objective);
            json.Number("lowerBound", solution.Certificate.LowerBound);
        }

        json.Objects("records", trajectory.Records, record =>
        {
            json.Number("step", record.Step);
            foreach ((string name, Func<TrajectoryRecord, double> value) in columns)
            {
                json.Number(JsonName(name), value(record));
            }
        });
    });

    public IEnumerable<string[]> ToRows() => trajectory.Records
        .Select(record => (string[])[CsvText.Number(record.Step), .. columns.Select(column => Field(column.Value(record)))])
        .Prepend(["step", .. columns.Select(column => column.Name)]);

    public string ToSvg() => TrajectoryFigure.Draw(input.Line(), model, target, trajectory, program.Model.Groups.Count);

    private string End() => trajectory.End switch
    {
        TrajectoryEnd.LossReached => "The loss is as small as was asked for.",
        TrajectoryEnd.StepLimit => "All steps were taken.",
        TrajectoryEnd.Cancelled => "Interrupted.",
        TrajectoryEnd.NumericalLimit => "There is no next point in double precision.",
        _ => $"The method ended: {trajectory.Solution!.Status}, objective {Sheet.Exact(trajectory.Solution.Objective)}, relative gap {Sheet.Small(trajectory.Solution.Certificate.RelativeGap)}.",
    };

    // log_time → logTime
    private static string JsonName(string name) => string.Concat(
        name.Split('_').Select((part, i) => i == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));

    private static string Number(double value) => double.IsNegativeInfinity(value) ? "−∞"
        : Math.Abs(value) is > 0 and < 0.1 ? Sheet.Small(value) : Sheet.Short(Math.Round(value, 4));

    private static string Field(double value) => CsvText.Number(double.IsInfinity(value) ? double.NaN : value);
}
