using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Some vectors of one dimension (classifiers, or class means), their norms and the cosines between them, formed in strips of pairs.</summary>
internal sealed class VectorSet
{
    private const int Strip = 256;

    private readonly double[] units;

    /// <summary>Takes over the vectors.</summary>
    /// <param name="data">p×K, column-major: one vector a column.</param>
    /// <param name="dimension">p.</param>
    /// <param name="vanishingNorm">Vectors with at most this norm are zero: they have no direction.</param>
    public VectorSet(double[] data, int dimension, double vanishingNorm)
    {
        Data = data;
        Dimension = dimension;
        Count = data.Length / dimension;
        Norms = new double[Count];
        units = new double[data.Length];
        for (int k = 0; k < Count; k++)
        {
            ReadOnlySpan<double> vector = Column(data, k);
            double norm = TensorPrimitives.Norm(vector);
            Norms[k] = norm;
            TensorPrimitives.Divide(vector, norm > vanishingNorm ? norm : double.NaN, Column(units, k));
        }
    }

    public double[] Data { get; }

    public int Dimension { get; }

    public int Count { get; }

    public double[] Norms { get; }

    public double FrobeniusNorm => TensorPrimitives.Norm<double>(Data);

    /// <summary>Rows of a K×p matrix as vectors.</summary>
    public static double[] Rows(Matrix<double> matrix) => matrix.Transpose().ToColumnMajorArray();

    public bool Vanishes(int k) => double.IsNaN(units[(long)k * Dimension]);

    public ReadOnlySpan<double> Vector(int k) => Column(Data, k);

    /// <summary>v/‖v‖; NaN where v vanishes.</summary>
    public ReadOnlySpan<double> Unit(int k) => Column(units, k);

    public SummaryStatistics NormsOf(IEnumerable<int> members) => SummaryStatistics.Of(members.Select(k => Norms[k]));

    /// <summary>Cosines over the pairs of different members; undefined when a member vanishes or there is no pair.</summary>
    public SummaryStatistics CosinesOf(int[] members) =>
        members.Any(Vanishes) ? SummaryStatistics.Undefined : PairStatistics(members);

    /// <summary>Mean cosine between the groups; inside a group over different members. NaN where a member vanishes or there is no pair.</summary>
    /// <param name="groups">The members of each group.</param>
    /// <param name="shares">What part of each vector's direction is known, the rest being orthogonal to everything; 1 when null.</param>
    public Matrix<double> MeanCosines(int[][] groups, double[]? shares = null)
    {
        // Σ_{j∈g, k∈h} cos = ⟨Σ_g û, Σ_h û⟩
        int n = groups.Length;
        var sums = new double[MatrixShape.Length(n, Dimension)];
        double[] own = Array.ConvertAll(groups, group => shares is null ? group.Length : group.Sum(k => shares[k] * shares[k]));
        for (int g = 0; g < n; g++)
        {
            Span<double> sum = Column(sums, g);
            foreach (int k in groups[g])
            {
                TensorPrimitives.MultiplyAdd(Column(units, k), shares?[k] ?? 1, sum, sum);
            }
        }

        return Matrix<double>.Build.Dense(n, n, (g, h) =>
        {
            double size = groups[g].Length, other = groups[h].Length;
            double inner = TensorPrimitives.Dot<double>(Column(sums, g), Column(sums, h));
            double mean = g == h ? (inner - own[g]) / (size * (size - 1)) : inner / (size * other);
            return size == 0 || other == 0 || (g == h && size == 1) ? double.NaN : Math.Clamp(mean, -1, 1);
        });
    }

    /// <summary>How far the vectors are from a simplex ETF.</summary>
    /// <param name="pairs">The sweep over their pairs.</param>
    public FrameMetrics Frame(PairSweep pairs)
    {
        SummaryStatistics norms = SummaryStatistics.Of(Norms);
        return new FrameMetrics
        {
            Vectors = Count,
            Norms = norms,
            Cosines = pairs.Cosines,
            NormVariation = norms.StandardDeviation / norms.Mean,
            AngleVariation = pairs.Cosines.StandardDeviation,
            AngleDeviation = pairs.AngleDeviations.Mean,
            GramDeviation = GramDeviation(this, this),
            Interference = pairs.Interferences.Mean,
            Distances = pairs.Distances,
            LogarithmicKernel = pairs.LogarithmicKernel,
            InverseDistances = pairs.InverseDistances,
        };
    }

    /// <summary>‖A·Bᵀ/‖A·Bᵀ‖_F − (I − J/K)/√(K−1)‖_F for the K vectors of each set as rows.</summary>
    public static double GramDeviation(VectorSet a, VectorSet b)
    {
        int classes = a.Count;
        double norm = Math.Sqrt(SumOverStrips(a, b, static (_, strip) => TensorPrimitives.SumOfSquares<double>(strip)));
        if (classes < 2 || !(norm > 0))
        {
            return double.NaN;
        }

        double diagonal = (1 - (1.0 / classes)) / Math.Sqrt(classes - 1.0), other = -1.0 / (classes * Math.Sqrt(classes - 1.0));
        return Math.Sqrt(SumOverStrips(a, b, (first, strip) =>
        {
            double sum = 0;
            int rows = strip.Length / classes;
            for (int k = 0, at = 0; k < classes; k++)
            {
                for (int j = 0; j < rows; j++, at++)
                {
                    double difference = (strip[at] / norm) - (first + j == k ? diagonal : other);
                    sum += difference * difference;
                }
            }

            return sum;
        }));
    }

    private static double SumOverStrips(VectorSet a, VectorSet b, Func<int, double[], double> ofStrip)
    {
        int p = a.Dimension;
        double sum = 0;
        for (int first = 0; first < a.Count; first += Strip)
        {
            int rows = Math.Min(Strip, a.Count - first);
            var strip = new double[MatrixShape.Length(rows, b.Count)];
            LinearAlgebraProvider.Backend.Multiply(true, false, rows, b.Count, p, 1, a.Data.AsSpan(first * p), p, b.Data, p, 0, strip, rows);
            sum += ofStrip(first, strip);
        }

        return sum;
    }

    private SummaryStatistics PairStatistics(int[] members)
    {
        var gathered = new double[MatrixShape.Length(members.Length, Dimension)];
        for (int i = 0; i < members.Length; i++)
        {
            Column(units, members[i]).CopyTo(Column(gathered, i));
        }

        var moments = new RunningMoments();
        for (int first = 0; first < members.Length; first += Strip)
        {
            // Cosines of the strip's members with themselves and all members after them.
            int rows = Math.Min(Strip, members.Length - first), columns = members.Length - first;
            var strip = new double[MatrixShape.Length(rows, columns)];
            LinearAlgebraProvider.Backend.Multiply(
                true, false, rows, columns, Dimension, 1,
                gathered.AsSpan(first * Dimension), Dimension, gathered.AsSpan(first * Dimension), Dimension, 0, strip, rows);
            for (int k = 1; k < columns; k++)
            {
                for (int j = 0; j < Math.Min(k, rows); j++)
                {
                    moments.Add(Math.Clamp(strip[j + (k * rows)], -1, 1));
                }
            }
        }

        return moments.Summarise();
    }

    private Span<double> Column(double[] data, int k) => data.AsSpan(k * Dimension, Dimension);
}
