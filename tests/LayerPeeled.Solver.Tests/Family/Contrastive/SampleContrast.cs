using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Contrastive;

/// <summary>The supervised contrastive loss of samples as the papers write it, anchor by anchor and pair by pair.</summary>
internal static class SampleContrast
{
    /// <summary>The mean over the anchors that have positives.</summary>
    /// <param name="features">One column a sample.</param>
    /// <param name="labels">Class of each sample.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="withAnchor">Whether the anchor is one of its positives and in the denominator.</param>
    public static double Loss(Matrix<double> features, int[] labels, double temperature, bool withAnchor)
    {
        double sum = 0;
        int anchors = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            int[] others = Enumerable.Range(0, labels.Length).Where(l => withAnchor || l != i).ToArray();
            int[] positives = others.Where(j => labels[j] == labels[i]).ToArray();
            if (positives.Length == 0)
            {
                continue;
            }

            double Similarity(int j) => features.Column(i).DotProduct(features.Column(j)) / temperature;
            double largest = others.Max(Similarity), denominator = largest + Math.Log(others.Sum(l => Math.Exp(Similarity(l) - largest)));
            sum += positives.Average(j => denominator - Similarity(j));
            anchors++;
        }

        return sum / anchors;
    }

    /// <summary>Labels of classes one after another.</summary>
    public static int[] Labels(double[] counts) => counts.SelectMany((n, k) => Enumerable.Repeat(k, (int)n)).ToArray();

    /// <summary>Every sample at the mean of its class.</summary>
    public static Matrix<double> Means(Matrix<double> features, int[] labels) => Matrix<double>.Build.DenseOfColumnVectors(
        Enumerable.Range(0, labels.Max() + 1).Select(k => Mean(labels.Select((label, i) => (label, i)).Where(s => s.label == k).Select(s => features.Column(s.i)).ToArray())));

    /// <summary>(1/K)·Σ_k (1/n_k)·Σ_i ‖h_{k,i}‖².</summary>
    public static double Budget(Matrix<double> features, int[] labels) => labels.Select((label, i) => (label, Norm2: features.Column(i).DotProduct(features.Column(i))))
        .GroupBy(s => s.label).Average(group => group.Average(s => s.Norm2));

    private static Vector<double> Mean(Vector<double>[] vectors) => vectors.Aggregate((a, b) => a + b) / vectors.Length;
}
