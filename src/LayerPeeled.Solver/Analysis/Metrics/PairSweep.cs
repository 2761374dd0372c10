using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Statistics over all pairs of some vectors, from tiles of their inner products: K²·p/2 operations, and no more than a tile of the K×K matrix at once.</summary>
internal sealed class PairSweep
{
    private const int Tile = 256;

    // 2 − 2·cos and ‖a‖² + ‖b‖² − 2⟨a, b⟩ lose digits where vectors are close: from here on differences are formed.
    private const double CloseCosine = 0.9;
    private const double CloseShare = 0.1;

    private readonly VectorSet vectors;
    private readonly double[]? variances;
    private readonly double[] norms2;
    private readonly double coincidence2;
    private readonly bool hasAngles;
    private readonly double target;
    private readonly double[] cosines = new double[Tile];
    private readonly double[] distances = new double[Tile];
    private readonly double[] values = new double[Tile];

    private RunningMoments cosine;
    private RunningMoments deviation;
    private RunningMoments interference;
    private RunningMoments distance;
    private RunningMoments logarithmic;
    private RunningMoments inverse;
    private RunningMoments classDistance;
    private RunningMoments classDistanceLog;

    /// <summary>Goes over the pairs.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="variances">v_k, to be divided by distances; null: no <see cref="ClassDistance"/>.</param>
    /// <param name="roundoff">Vectors at most this far from each other coincide.</param>
    public PairSweep(VectorSet vectors, double[]? variances = null, double roundoff = 0)
    {
        (this.vectors, this.variances, coincidence2) = (vectors, variances, roundoff * roundoff);
        norms2 = Array.ConvertAll(vectors.Norms, norm => norm * norm);
        hasAngles = !Enumerable.Range(0, vectors.Count).Any(vectors.Vanishes);
        target = -1.0 / (vectors.Count - 1);
        int p = vectors.Dimension;
        var products = new double[Tile * Tile];
        for (int row = 0; row < vectors.Count; row += Tile)
        {
            int rows = Math.Min(Tile, vectors.Count - row);
            for (int column = row; column < vectors.Count; column += Tile)
            {
                int columns = Math.Min(Tile, vectors.Count - column);
                LinearAlgebraProvider.Backend.Multiply(
                    true, false, rows, columns, p, 1, vectors.Data.AsSpan(row * p), p, vectors.Data.AsSpan(column * p), p, 0, products, rows);
                for (int k = 0; k < columns; k++)
                {
                    // Partners before the vector itself.
                    int partners = Math.Min(rows, column + k - row);
                    Add(products.AsSpan(k * rows, partners), row, column + k);
                }
            }
        }
    }

    /// <summary>cos(v_j, v_k).</summary>
    public SummaryStatistics Cosines => Angles(cosine);

    /// <summary>|cos(v_j, v_k) + 1/(K − 1)|.</summary>
    public SummaryStatistics AngleDeviations => Angles(deviation);

    /// <summary>|cos(v_j, v_k)|.</summary>
    public SummaryStatistics Interferences => Angles(interference);

    /// <summary>d_jk, the distance of the directions v/‖v‖.</summary>
    public SummaryStatistics Distances => Angles(distance);

    /// <summary>log(1/d_jk).</summary>
    public SummaryStatistics LogarithmicKernel => Angles(logarithmic);

    /// <summary>1/d_jk.</summary>
    public SummaryStatistics InverseDistances => Angles(inverse);

    /// <summary>(v_j + v_k)/(2·‖m_j − m_k‖²).</summary>
    public SummaryStatistics ClassDistance => classDistance.Summarise();

    /// <summary>log₁₀ of it, over the pairs where it is positive and finite.</summary>
    public SummaryStatistics ClassDistanceLog10 => classDistanceLog.Summarise();

    /// <summary>Pairs of vectors that coincide to roundoff.</summary>
    public long CoincidingPairs { get; private set; }

    private SummaryStatistics Angles(RunningMoments moments) => hasAngles ? moments.Summarise() : SummaryStatistics.Undefined;

    private void Add(Span<double> products, int row, int k)
    {
        if (products.IsEmpty)
        {
            return;
        }

        if (hasAngles)
        {
            AddAngles(products, row, k);
        }

        if (variances is not null)
        {
            AddClassDistance(products, row, k);
        }
    }

    private void AddAngles(ReadOnlySpan<double> products, int row, int k)
    {
        Span<double> cos = cosines.AsSpan(0, products.Length), apart = distances.AsSpan(0, products.Length), value = values.AsSpan(0, products.Length);
        TensorPrimitives.Divide(products, vectors.Norms.AsSpan(row, products.Length), cos);
        TensorPrimitives.Divide(cos, vectors.Norms[k], cos);
        TensorPrimitives.Min(cos, 1, cos);
        TensorPrimitives.Max(cos, -1, cos);
        cosine.Add(cos);
        TensorPrimitives.Subtract(cos, target, value);
        TensorPrimitives.Abs(value, value);
        deviation.Add(value);
        TensorPrimitives.Abs(cos, value);
        interference.Add(value);

        // ‖û_j − û_k‖² = 2 − 2·cos
        TensorPrimitives.Multiply(cos, -2, apart);
        TensorPrimitives.Add(apart, 2, apart);
        TensorPrimitives.Sqrt(apart, apart);
        for (int j = 0; j < cos.Length; j++)
        {
            apart[j] = cos[j] > CloseCosine ? TensorPrimitives.Distance(vectors.Unit(row + j), vectors.Unit(k)) : apart[j];
        }

        distance.Add(apart);
        TensorPrimitives.Reciprocal(apart, value);
        inverse.Add(value);
        TensorPrimitives.Log(value, value);
        logarithmic.Add(value);
    }

    private void AddClassDistance(ReadOnlySpan<double> products, int row, int k)
    {
        Span<double> apart = distances.AsSpan(0, products.Length), value = values.AsSpan(0, products.Length);
        ReadOnlySpan<double> norm2 = norms2.AsSpan(row, products.Length);

        // ‖m_j − m_k‖² = ‖m_j‖² + ‖m_k‖² − 2⟨m_j, m_k⟩
        TensorPrimitives.Multiply(products, -2, apart);
        TensorPrimitives.Add(apart, norm2, apart);
        TensorPrimitives.Add(apart, norms2[k], apart);
        for (int j = 0; j < apart.Length; j++)
        {
            if (apart[j] < CloseShare * (norm2[j] + norms2[k]))
            {
                double difference = TensorPrimitives.Distance(vectors.Vector(row + j), vectors.Vector(k));
                apart[j] = difference * difference;
            }

            if (!(apart[j] > coincidence2))
            {
                CoincidingPairs++;
                apart[j] = 0;
            }
        }

        TensorPrimitives.Add(variances.AsSpan(row, products.Length), variances![k], value);
        TensorPrimitives.Multiply(value, 0.5, value);
        TensorPrimitives.Divide(value, apart, value);
        classDistance.Add(value);
        TensorPrimitives.Log10(value, value);
        if (TensorPrimitives.IsFiniteAll<double>(value))
        {
            classDistanceLog.Add(value);
            return;
        }

        foreach (double log in value)
        {
            if (double.IsFinite(log))
            {
                classDistanceLog.Add(log);
            }
        }
    }
}
