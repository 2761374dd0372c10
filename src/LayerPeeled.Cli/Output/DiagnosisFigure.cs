using LayerPeeled.Cli.Plotting;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Cli.Output;

/// <summary>Measured and predicted cosines and norms of each group of classes, over the examples of a class.</summary>
internal sealed class DiagnosisFigure
{
    private const double Air = 1.05;
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
        ]);

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
        new("measured", groups.Select(group => (Position(group), value(group.Measured))).ToArray()),
        new("predicted", groups.Select(group => (Position(group), value(group.Predicted))).ToArray()),
    ];

    private static IEnumerable<double> Values(IEnumerable<Series> series) => series.SelectMany(s => s.Points).Select(point => point.Y);

    private Axis Counts() => Axis.Around("examples of a class", AxisScale.Logarithmic, [.. groups.Select(Position), .. References().Select(line => line.Coordinate)]);

    // n* is in effective examples: those of the axis only where no class is weighted.
    private ReferenceLine[] References() => diagnosis.CriticalClassSize > 0 && diagnosis.LossWeights.All(weight => weight == 1)
        ? [new ReferenceLine("*n*^{*}", Math.Log10(diagnosis.CriticalClassSize), IsVertical: true)] : [];

    private static double Position(ClassGroupComparison group) =>
        (Math.Log10(Math.Max(1, group.Measured.SmallestCount)) + Math.Log10(group.Measured.LargestCount)) / 2;
}
