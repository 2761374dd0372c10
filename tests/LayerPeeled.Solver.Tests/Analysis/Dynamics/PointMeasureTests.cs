using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Dynamics;

/// <summary>The numbers of a record against their definitions, with plain matrices.</summary>
public sealed class PointMeasureTests
{
    private const double Roundoff = 1e-11;
    private static readonly int[] ClassOf = [0, 0, 0, 1, 2, 2, 2, 3];

    [Fact]
    public void Record_RandomSamples_HasTheNumbersOfTheDefinitions()
    {
        // Groups: classes 0 and 2, then 1 and 3
        FactorizedProgram program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([3, 1, 3, 1], 1, 1, featureDimension: 5));
        Matrix<double> w = Matrix<double>.Build.Random(4, 5, 11), h = Matrix<double>.Build.Random(5, 8, 12);
        Matrix<double> gramW = Matrix<double>.Build.Random(4, 4, 13), gramH = Matrix<double>.Build.Random(4, 4, 14);
        TrajectoryRecord record = new PointMeasure(program, new TrajectoryTarget(gramW, gramH)).Record(17, -3.5, new FactorizedPoint(w, h));
        Matrix<double> means = Matrix<double>.Build.Dense(5, 4);
        for (int k = 0; k < 4; k++)
        {
            Vector<double>[] own = Enumerable.Range(0, 8).Where(c => ClassOf[c] == k).Select(h.Column).ToArray();
            means.SetColumn(k, own.Aggregate((a, b) => a + b) / own.Length);
        }

        Vector<double> centre = means.RowSums() / 4;
        Matrix<double> centred = Matrix<double>.Build.DenseOfColumns(means.EnumerateColumns().Select(m => m - centre));
        Matrix<double> within = Matrix<double>.Build.Dense(5, 5), between = centred.TransposeAndMultiply(centred) / 4;
        for (int c = 0; c < 8; c++)
        {
            Vector<double> difference = h.Column(c) - means.Column(ClassOf[c]);
            within += difference.OuterProduct(difference) / 8;
        }

        Assert.Equal(17, record.Step);
        Assertions.Near(Math.Exp(-3.5), record.Objective, Roundoff);
        Assertions.Near(Math.Pow(w.FrobeniusNorm(), 2), record.ClassifierNorm2, Roundoff);
        Assertions.Near(Math.Pow(h.FrobeniusNorm(), 2), record.FeatureNorm2, Roundoff);
        Assertions.Near((w.TransposeThisAndMultiply(w) - h.TransposeAndMultiply(h)).FrobeniusNorm(), record.Imbalance, Roundoff);
        Assertions.Near((within * between.PseudoInverse()).Trace() / 4, record.Variability, 1e-9, "NC1");
        Assertions.Near(Simplex(w.TransposeAndMultiply(w)), record.ClassifierFrameDeviation, Roundoff, "NC2 w");
        Assertions.Near(Simplex(centred.TransposeThisAndMultiply(centred)), record.MeanFrameDeviation, Roundoff, "NC2 h");
        Assertions.Near(((w / w.FrobeniusNorm()) - (centred.Transpose() / centred.FrobeniusNorm())).FrobeniusNorm(), record.DualityDistance, Roundoff, "NC3");
        Assertions.Near(Apart(w.TransposeAndMultiply(w), gramW), record.ClassifierDistance, Roundoff);
        Assertions.Near(Apart(means.TransposeThisAndMultiply(means), gramH), record.MeanDistance, Roundoff);
        double[] cosines = Pairs((j, k) => w.Row(j) * w.Row(k) / (w.Row(j).L2Norm() * w.Row(k).L2Norm()));
        Assertions.Near(cosines.Min(), record.ClassifierCosines.Minimum, Roundoff);
        Assertions.Within(cosines.Average(), record.ClassifierCosines.Mean, Roundoff);
        Assertions.Near(cosines.Max(), record.ClassifierCosines.Maximum, Roundoff);
        double[] ofMeans = Pairs((j, k) => means.Column(j) * means.Column(k) / (means.Column(j).L2Norm() * means.Column(k).L2Norm()));
        Assertions.Within(ofMeans.Average(), record.MeanCosines.Mean, Roundoff);
        // Pairs in the order (0,1), (0,2), (0,3), (1,2), (1,3), (2,3)
        Assertions.Near(cosines[1], record.Groups[0].ClassifierCosines.Mean, Roundoff);
        Assertions.Near(cosines[4], record.Groups[1].ClassifierCosines.Mean, Roundoff);
        Assertions.Near(ofMeans[1], record.Groups[0].MeanCosines.Mean, Roundoff);
        Assertions.Near(ofMeans[4], record.Groups[1].MeanCosines.Mean, Roundoff);

        static double Apart(Matrix<double> a, Matrix<double> b) => ((a / a.FrobeniusNorm()) - (b / b.FrobeniusNorm())).FrobeniusNorm();

        static double Simplex(Matrix<double> gram) => Apart(gram, Matrix<double>.Build.Dense(4, 4, (j, k) => (j == k ? 1 : 0) - 0.25));

        static double[] Pairs(Func<int, int, double> of) => (from j in Enumerable.Range(0, 4) from k in Enumerable.Range(j + 1, 3 - j) select of(j, k)).ToArray();
    }
}
