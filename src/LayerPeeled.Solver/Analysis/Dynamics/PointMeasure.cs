using System.Numerics.Tensors;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>Makes records of the points of one program, at a cost linear in the columns.</summary>
internal sealed class PointMeasure
{
    private const int ColumnsAtOnce = 512;
    private readonly FactorizedProgram program;
    private readonly TrajectoryTarget? target;
    private readonly NeuralCollapseOptions options;
    private readonly long[] labels;
    private readonly int[] all;
    private readonly int[][] groups;

    public PointMeasure(FactorizedProgram program, TrajectoryTarget? target)
    {
        int classes = program.Model.ClassCount;
        if (target is not null && target.ClassCount != classes)
        {
            throw new ArgumentException($"The target has {target.ClassCount} classes, the program has {classes}.", nameof(target));
        }

        (this.program, this.target) = (program, target);
        labels = new long[program.ColumnCount];
        all = Enumerable.Range(0, classes).ToArray();
        foreach (int k in all)
        {
            (int first, int count) = program.ColumnsOf(k);
            labels.AsSpan(first, count).Fill(count > 0 ? k : throw new ArgumentException($"Class {k} has no examples; every class needs some.", nameof(program)));
        }

        options = new NeuralCollapseOptions { Groups = program.Model.GroupOfClass.ToArray() };
        groups = Enumerable.Range(0, program.Model.Groups.Count).Select(_ => Array.Empty<int>()).ToArray();
        foreach (IGrouping<int, int> group in all.GroupBy(k => options.Groups[k]))
        {
            groups[group.Key] = group.ToArray();
        }
    }

    /// <summary>The record of a point.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="logObjective">log f there.</param>
    /// <param name="point">The point, in true units.</param>
    public TrajectoryRecord Record(int step, double logObjective, FactorizedPoint point)
    {
        Matrix<double> classifier = point.Classifier, means = program.MeansOf(point);
        NeuralCollapseReport report = NeuralCollapse.Measure(point.Features.Transpose(), labels, classifier, options: options);
        int p = point.FeatureDimension;
        VectorSet classifiers = new(VectorSet.Rows(classifier), p, 0), origins = new(means.ToColumnMajorArray(), p, 0);
        (double classifierDistance, double meanDistance) = target?.Distances(classifiers.Data, origins.Data, p) ?? (double.NaN, double.NaN);
        return new TrajectoryRecord
        {
            Step = step,
            LogObjective = logObjective,
            ClassifierNorm2 = TensorPrimitives.SumOfSquares(point.Values[..classifiers.Data.Length]),
            FeatureNorm2 = TensorPrimitives.SumOfSquares(point.Values[classifiers.Data.Length..]),
            Margin = Margin(point),
            Imbalance = Imbalance(point),
            Variability = report.Variability.PseudoInverse,
            ClassifierFrameDeviation = report.ClassifierFrame!.GramDeviation,
            MeanFrameDeviation = report.MeanFrame.GramDeviation,
            DualityDistance = report.Duality!.Distance,
            EtfDeviation = EtfCheck.Of(classifier, means).Deviation,
            ClassifierCosines = classifiers.CosinesOf(all),
            MeanCosines = origins.CosinesOf(all),
            Groups = Array.ConvertAll(groups, group => new TrajectoryGroup(classifiers.CosinesOf(group), origins.CosinesOf(group))),
            ClassifierDistance = classifierDistance,
            MeanDistance = meanDistance,
        };
    }

    // min over the columns of z_own − max_j z_j
    private double Margin(FactorizedPoint point)
    {
        int classes = point.ClassCount, p = point.FeatureDimension, n = point.ColumnCount;
        ReadOnlySpan<double> classifier = point.Values[..(classes * p)], features = point.Values[(classes * p)..];
        var logits = new double[MatrixShape.Length(classes, Math.Min(n, ColumnsAtOnce))];
        double least = double.PositiveInfinity;
        for (int first = 0; first < n; first += ColumnsAtOnce)
        {
            int count = Math.Min(ColumnsAtOnce, n - first);
            LinearAlgebraProvider.Backend.Multiply(false, false, classes, count, p, 1, classifier, classes, features[(first * p)..], p, 0, logits, classes);
            for (int c = 0; c < count; c++)
            {
                Span<double> column = logits.AsSpan(c * classes, classes);
                ref double own = ref column[(int)labels[first + c]];
                double value = own;
                own = double.NegativeInfinity;
                least = Math.Min(least, value - TensorPrimitives.Max<double>(column));
            }
        }

        return least;
    }

    // ‖WᵀW − HHᵀ‖_F
    private static double Imbalance(FactorizedPoint point)
    {
        int classes = point.ClassCount, p = point.FeatureDimension;
        var difference = new double[MatrixShape.Length(p, p)];
        LinearAlgebraProvider.Backend.SymmetricProduct(true, p, classes, 1, point.Values[..(classes * p)], classes, 0, difference, p);
        LinearAlgebraProvider.Backend.SymmetricProduct(false, p, point.ColumnCount, -1, point.Values[(classes * p)..], p, 1, difference, p);
        return TensorPrimitives.Norm<double>(difference);
    }
}
