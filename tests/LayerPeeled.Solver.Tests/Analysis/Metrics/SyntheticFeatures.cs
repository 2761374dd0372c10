using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Metrics;

/// <summary>Gaussian clusters in random order, and a classifier.</summary>
internal sealed record SyntheticFeatures(double[][] Rows, long[] Labels, int[] Classes, Matrix<double> Classifier, Vector<double> Bias)
{
    public int Dimension => Rows[0].Length;

    public double[] Flat => Rows.SelectMany(r => r).ToArray();

    public Matrix<double> Features => Matrix<double>.Build.DenseOfRowArrays(Rows);

    public double[][] ClassifierRows => Classifier.ToRowArrays();

    public static SyntheticFeatures Create(int[] counts, int dimension, double noise, int seed = 1, double offset = 3, long[]? classLabels = null)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] means = counts.Select(_ => Enumerable.Range(0, dimension).Select(_ => offset + Normal()).ToArray()).ToArray();
        int[] classes = counts.SelectMany((n, k) => Enumerable.Repeat(k, n)).ToArray();
        random.Shuffle(classes);
        double[][] rows = classes.Select(k => means[k].Select(m => m + (noise * Normal())).ToArray()).ToArray();
        var classifier = Matrix<double>.Build.Dense(counts.Length, dimension, (k, d) => means[k][d] - offset + (0.3 * Normal()));
        return new SyntheticFeatures(
            rows, classes.Select(k => classLabels?[k] ?? k).ToArray(), classes, classifier, Vector<double>.Build.Dense(counts.Length, _ => 0.5 * Normal()));
    }
}
