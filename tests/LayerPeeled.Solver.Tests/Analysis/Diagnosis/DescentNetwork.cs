using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Diagnosis;

/// <summary>
/// A last layer and a feature vector for each example, trained by gradient descent with Nesterov momentum on
/// (1/N)·Σ cross-entropy(W·h + b) + (λ_W/2)·‖W‖² + (λ_b/2)·‖b‖² + (c/2N)·Σ‖h‖²: what a network is that can give every example any feature.
/// </summary>
internal sealed class DescentNetwork
{
    private const double Step = 0.05;
    private const double Momentum = 0.95;
    private readonly double classifierDecay;
    private readonly double? biasDecay;
    private readonly double featurePenalty;
    private readonly int[] classes;
    private Matrix<double> features;
    private Matrix<double> classifier;
    private Vector<double> bias;

    public DescentNetwork(int[] counts, int dimension, double classifierDecay, double? biasDecay, double featurePenalty, int iterations)
    {
        (this.classifierDecay, this.biasDecay, this.featurePenalty) = (classifierDecay, biasDecay, featurePenalty);
        classes = [.. counts.SelectMany((n, k) => Enumerable.Repeat(k, n))];
        var random = new Random(5);
        classifier = Matrix<double>.Build.Dense(counts.Length, dimension, (_, _) => random.NextDouble() - 0.5);
        features = Matrix<double>.Build.Dense(classes.Length, dimension, (_, _) => random.NextDouble() - 0.5);
        bias = Vector<double>.Build.Dense(counts.Length);
        (Matrix<double> w, Matrix<double> h, Vector<double> b) = (classifier, features, bias);
        for (int i = 0; i < iterations; i++)
        {
            (Matrix<double> gradientW, Matrix<double> gradientH, Vector<double> gradientB) = Gradients(w, h, b);
            (Matrix<double> beforeW, Matrix<double> beforeH, Vector<double> beforeB) = (classifier, features, bias);

            // Features move N times as far: each has a share of 1/N in the loss.
            (classifier, features, bias) = (w - (Step * gradientW), h - (Step * classes.Length * gradientH), b - (Step * gradientB));
            (w, h, b) = (classifier + (Momentum * (classifier - beforeW)), features + (Momentum * (features - beforeH)), bias + (Momentum * (bias - beforeB)));
        }

        (Matrix<double> lastW, Matrix<double> lastH, Vector<double> lastB) = Gradients(classifier, features, bias);
        GradientNorm = Math.Sqrt(Square(lastW) + (Square(lastH) * classes.Length) + (lastB * lastB));
    }

    public Matrix<double> Classifier => classifier;

    /// <summary>Null where it was trained without.</summary>
    public Vector<double>? Bias => biasDecay is null ? null : bias;

    public double GradientNorm { get; }

    /// <summary>The pass over its features.</summary>
    /// <param name="noise">Standard deviation of what is added to every number.</param>
    public FeatureStatistics Statistics(double noise = 0)
    {
        var random = new Random(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var accumulator = new FeatureAccumulator(features.ColumnCount, withinScatter: false);
        accumulator.Add(features.ToRowMajorArray().Select(x => x + (noise * Normal())).ToArray(), classes.Select(k => (long)k).ToArray());
        return accumulator.ToStatistics();
    }

    private (Matrix<double> Classifier, Matrix<double> Features, Vector<double> Bias) Gradients(Matrix<double> w, Matrix<double> h, Vector<double> b)
    {
        double examples = classes.Length;
        Matrix<double> logits = h * w.Transpose();
        for (int i = 0; i < classes.Length; i++)
        {
            Vector<double> p = (logits.Row(i) + b).PointwiseExp();
            p /= p.Sum();
            p[classes[i]] -= 1;
            logits.SetRow(i, p / examples);
        }

        return (
            (logits.Transpose() * h) + (classifierDecay * w), (logits * w) + (featurePenalty / examples * h),
            biasDecay is { } decay ? logits.ColumnSums() + (decay * b) : Vector<double>.Build.Dense(b.Count));
    }

    private static double Square(Matrix<double> matrix) => Math.Pow(matrix.FrobeniusNorm(), 2);
}
