using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Output.Networks;

/// <summary>Measured and predicted cosines and norms of each group of classes, over the examples of a class.</summary>
internal sealed class DiagnosisFigure
{
    private const string CriticalName = "*n*^{*}";
    private const double Air = 1.05;

    // On either side of the counts: markers keep off the frame.
    private const double Margin = 0.06;

    // In decades: n* further away than this would squeeze the counts together.
    private const double FarAway = 1;

    // More markers than this hide each other.
    private const int MostMarkers = 40;
    private readonly NetworkDiagnosis diagnosis;

    // Smallest counts first, from left to right; classes without examples have no place on the axis.
    private readonly ClassGroupComparison[] groups;

    public DiagnosisFigure(NetworkDiagnosis diagnosis)
    {
        this.diagnosis = diagnosis;
        groups = diagnosis.Groups.Where(group => group.Measured.LargestCount > 0).Reverse().ToArray();
    }

    /// <summary>An SVG document.</summary>
    public string Draw() => LineFigure.Draw(
        $"Measured and predicted cosines and norms of {diagnosis.Measured.Counts.Count} classes in {diagnosis.Groups.Count} groups, over the examples of a class",
        [
            Cosines("cosines between classifiers", group => group.ClassifierCosines.Mean),
            Norms("norms of classifiers", group => group.ClassifierNorms.Mean),
            Cosines("cosines between class means", group => group.MeanCosines.Mean),
            Norms("norms of class means", group => group.MeanNorms.Mean),
        ],
        Note());

    private LinePanel Cosines(string title, Func<ClassGroupMetrics, double> value)
    {
        Series[] series = Curves(value);
        return new LinePanel(title, Counts(), CosineAxis.Of("mean cosine", Values(series)), series, References());
    }

    private LinePanel Norms(string title, Func<ClassGroupMetrics, double> value)
    {
        Series[] series = Curves(value);
        return new LinePanel(title, Counts(), new Axis("mean norm", AxisScale.Linear, 0, Values(series).Where(double.IsFinite).DefaultIfEmpty(1).Max() * Air), series, References());
    }

    private Series[] Curves(Func<ClassGroupMetrics, double> value) =>
    [
        new("measured", groups.Select(group => (Position(group), value(group.Measured))).ToArray(), groups.Length <= MostMarkers),
        new("predicted", groups.Select(group => (Position(group), value(group.Predicted))).ToArray(), groups.Length <= MostMarkers),
    ];

    private static IEnumerable<double> Values(IEnumerable<Series> series) => series.SelectMany(s => s.Points).Select(point => point.Y);

    private Axis Counts()
    {
        double[] shown = [.. groups.Select(Position), .. References().Select(line => line.Coordinate)];
        double least = shown.Min(), most = shown.Max(), margin = Margin * (most - least);
        return new Axis("examples of a class", AxisScale.Logarithmic, least - margin, most + margin);
    }

    private ReferenceLine[] References() => Critical() is { } critical && critical >= Position(groups[0]) - FarAway && critical <= Position(groups[^1]) + FarAway
        ? [new ReferenceLine(CriticalName, critical, IsVertical: true)] : [];

    private string? Note() => Critical() is { } critical && References().Length == 0
        ? $"{CriticalName} = {PlotText.Number(diagnosis.CriticalClassSize)} lies to the {(critical < Position(groups[0]) ? "left" : "right")} of the axes." : null;

    // log10 n*. It is in effective examples: those of the axis only where no class is weighted.
    private double? Critical() => diagnosis.CriticalClassSize > 0 && diagnosis.LossWeights.All(weight => weight == 1) ? Math.Log10(diagnosis.CriticalClassSize) : null;

    private static double Position(ClassGroupComparison group) =>
        (Math.Log10(Math.Max(1, group.Measured.SmallestCount)) + Math.Log10(group.Measured.LargestCount)) / 2;
}
