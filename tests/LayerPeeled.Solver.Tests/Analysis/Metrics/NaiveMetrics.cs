using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Metrics;

/// <summary>The metrics by their definitions, in plain loops: nothing of the library in it but Math.NET's eigendecomposition.</summary>
internal sealed class NaiveMetrics
{
    private readonly double[][] features;
    private readonly int[] classes;
    private readonly int count;
    private readonly int p;

    public NaiveMetrics(double[][] features, int[] classes, int count)
    {
        this.features = features;
        this.classes = classes;
        this.count = count;
        p = features[0].Length;
        Counts = new int[count];
        Means = Enumerable.Range(0, count).Select(_ => new double[p]).ToArray();
        for (int i = 0; i < features.Length; i++)
        {
            Counts[classes[i]]++;
            for (int d = 0; d < p; d++)
            {
                Means[classes[i]][d] += features[i][d];
            }
        }

        for (int k = 0; k < count; k++)
        {
            for (int d = 0; d < p; d++)
            {
                Means[k][d] /= Counts[k];
            }
        }
    }

    public int[] Counts { get; }

    public double[][] Means { get; }

    public double[] MeanOfMeans() => Average(Means);

    public double[] SampleMean() => Average(features);

    /// <summary>(1/N)·Σ(h − m)(h − m)ᵀ, or with every class counting equally.</summary>
    public double[,] Within(bool balanced)
    {
        var scatter = new double[p, p];
        for (int i = 0; i < features.Length; i++)
        {
            int k = classes[i];
            double weight = balanced ? 1.0 / (count * (double)Counts[k]) : 1.0 / features.Length;
            for (int a = 0; a < p; a++)
            {
                for (int b = 0; b < p; b++)
                {
                    scatter[a, b] += weight * (features[i][a] - Means[k][a]) * (features[i][b] - Means[k][b]);
                }
            }
        }

        return scatter;
    }

    public double[,] Between(double[] origin)
    {
        var scatter = new double[p, p];
        for (int k = 0; k < count; k++)
        {
            for (int a = 0; a < p; a++)
            {
                for (int b = 0; b < p; b++)
                {
                    scatter[a, b] += (Means[k][a] - origin[a]) * (Means[k][b] - origin[b]) / count;
                }
            }
        }

        return scatter;
    }

    public double PseudoInverse(double[] origin, bool balanced = false)
    {
        var evd = Matrix<double>.Build.DenseOfArray(Between(origin)).Evd(Symmetricity.Symmetric);
        double largest = evd.EigenValues.Max(v => v.Real);
        Matrix<double> inverse = Matrix<double>.Build.Dense(p, p);
        for (int j = 0; j < p; j++)
        {
            double value = evd.EigenValues[j].Real;
            if (value > 1e-12 * largest)
            {
                Vector<double> q = evd.EigenVectors.Column(j);
                inverse += q.OuterProduct(q) / value;
            }
        }

        return (Matrix<double>.Build.DenseOfArray(Within(balanced)) * inverse).Trace() / count;
    }

    public double TraceRatio(double[] origin) => Trace(Within(false)) / Trace(Between(origin));

    public double FeatureBudget(double[] origin)
    {
        double sum = 0;
        for (int i = 0; i < features.Length; i++)
        {
            sum += features[i].Zip(origin, (h, m) => (h - m) * (h - m)).Sum() / (Counts[classes[i]] * (double)count);
        }

        return sum;
    }

    public double Disagreement(double[][] classifier, double[] bias)
    {
        int different = 0;
        foreach (double[] h in features)
        {
            int chosen = Best(k => Dot(classifier[k], h) + bias[k]);
            int nearest = Best(k => -Means[k].Zip(h, (m, x) => (m - x) * (m - x)).Sum());
            different += chosen == nearest ? 0 : 1;
        }

        return different / (double)features.Length;
    }

    public static double NormVariation(double[][] vectors) => Deviation(vectors.Select(v => Math.Sqrt(Dot(v, v))).ToArray()) / vectors.Average(v => Math.Sqrt(Dot(v, v)));

    public static double[] Cosines(double[][] vectors)
    {
        var cosines = new List<double>();
        for (int j = 0; j < vectors.Length; j++)
        {
            for (int k = 0; k < j; k++)
            {
                cosines.Add(Dot(vectors[j], vectors[k]) / Math.Sqrt(Dot(vectors[j], vectors[j]) * Dot(vectors[k], vectors[k])));
            }
        }

        return [.. cosines];
    }

    /// <summary>(1/n_k)·Σ‖h − m_k‖² of each class.</summary>
    public double[] Variances()
    {
        var sums = new double[count];
        for (int i = 0; i < features.Length; i++)
        {
            sums[classes[i]] += SquaredDistance(features[i], Means[classes[i]]) / Counts[classes[i]];
        }

        return sums;
    }

    /// <summary>(v_j + v_k)/(2‖m_j − m_k‖²) of every pair.</summary>
    public double[] ClassDistances()
    {
        double[] variances = Variances();
        return Pairs(Means, (j, k) => (variances[j] + variances[k]) / (2 * SquaredDistance(Means[j], Means[k])));
    }

    /// <summary>‖a/‖a‖ − b/‖b‖‖ of every pair.</summary>
    public static double[] DirectionDistances(double[][] vectors)
    {
        double[][] units = vectors.Select(v => v.Select(x => x / Math.Sqrt(Dot(v, v))).ToArray()).ToArray();
        return Pairs(units, (j, k) => Math.Sqrt(SquaredDistance(units[j], units[k])));
    }

    public static double Cosine(double[] x, double[] y) => Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y));

    private static double SquaredDistance(double[] x, double[] y) => x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();

    private static double[] Pairs(double[][] vectors, Func<int, int, double> value)
    {
        var values = new List<double>();
        for (int j = 0; j < vectors.Length; j++)
        {
            for (int k = 0; k < j; k++)
            {
                values.Add(value(j, k));
            }
        }

        return [.. values];
    }

    /// <summary>‖A·Bᵀ/‖A·Bᵀ‖ − (I − J/K)/√(K − 1)‖.</summary>
    public static double GramDeviation(double[][] a, double[][] b)
    {
        double classes = a.Length, norm = Math.Sqrt(a.Sum(x => b.Sum(y => Dot(x, y) * Dot(x, y))));
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            for (int k = 0; k < b.Length; k++)
            {
                double target = ((j == k ? 1 : 0) - (1 / classes)) / Math.Sqrt(classes - 1);
                sum += Math.Pow((Dot(a[j], b[k]) / norm) - target, 2);
            }
        }

        return Math.Sqrt(sum);
    }

    public static double Duality(double[][] classifier, double[][] means)
    {
        double w = Math.Sqrt(classifier.Sum(x => Dot(x, x))), m = Math.Sqrt(means.Sum(x => Dot(x, x)));
        return Math.Sqrt(classifier.Zip(means, (x, y) => x.Zip(y, (a, b) => Math.Pow((a / w) - (b / m), 2)).Sum()).Sum());
    }

    public double[][] Centred(double[] origin) => Means.Select(m => m.Zip(origin, (a, b) => a - b).ToArray()).ToArray();

    public static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    public static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private int Best(Func<int, double> score)
    {
        int best = 0;
        for (int k = 1; k < count; k++)
        {
            best = score(k) > score(best) ? k : best;
        }

        return best;
    }

    private double[] Average(double[][] rows) => Enumerable.Range(0, p).Select(d => rows.Average(r => r[d])).ToArray();

    private static double Trace(double[,] a) => Enumerable.Range(0, a.GetLength(0)).Sum(i => a[i, i]);
}
