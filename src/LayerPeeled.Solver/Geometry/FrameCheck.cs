using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>How far some vectors are from a simplex ETF, and their Gram matrix from a circulant one; zero where they are one.</summary>
public sealed record FrameCheck
{
    private FrameCheck()
    {
    }

    /// <summary>Largest |‖w_k‖ − mean|/mean.</summary>
    public required double NormDeviation { get; init; }

    /// <summary>Largest |cos(w_j, w_k) + 1/(K − 1)| over pairs; NaN when a vector vanishes.</summary>
    public required double AngleDeviation { get; init; }

    /// <summary>‖G/‖G‖_F − (I − 11ᵀ/K)/√(K − 1)‖_F with the Gram matrix G (Papyan, Han, Donoho 2020).</summary>
    public required double EtfDistance { get; init; }

    /// <summary>
    /// ‖G − C‖_F/‖G‖_F with the circulant matrix C next to the Gram matrix G, the averages along its cyclic diagonals: zero where the vectors, in the order given, look alike from each of them,
    /// as the days of the week do.
    /// </summary>
    public required double CirculantDistance { get; init; }

    /// <summary>Whether the vectors are a simplex ETF up to a tolerance of norms and cosines.</summary>
    /// <param name="tolerance">The tolerance.</param>
    public bool IsSimplexEtf(double tolerance) => Math.Max(NormDeviation, AngleDeviation) <= tolerance;

    /// <summary>Measures the rows of a matrix.</summary>
    /// <param name="vectors">K×p, K ≥ 2.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    public static FrameCheck Of(Matrix<double> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        int k = vectors.RowCount;
        if (k < 2)
        {
            throw new ArgumentException($"There must be at least 2 vectors, got {k}.", nameof(vectors));
        }

        Vector<double> norms = vectors.RowNorms(2);
        double mean = norms.Sum() / k, angle = 0, etf = 0;
        Matrix<double> gram = vectors.TransposeAndMultiply(vectors);
        double size = gram.FrobeniusNorm();
        var diagonals = new double[k];
        for (int j = 0; j < k; j++)
        {
            for (int i = 0; i < k; i++)
            {
                angle = i < j ? Math.Max(angle, Math.Abs((gram[i, j] / (norms[i] * norms[j])) + (1.0 / (k - 1)))) : angle;
                double difference = (gram[i, j] / size) - (((i == j ? 1 : 0) - (1.0 / k)) / Math.Sqrt(k - 1));
                etf += difference * difference;
                diagonals[(i - j + k) % k] += gram[i, j] / k;
            }
        }

        double circulant = 0;
        for (int j = 0; j < k; j++)
        {
            for (int i = 0; i < k; i++)
            {
                double difference = gram[i, j] - diagonals[(i - j + k) % k];
                circulant += difference * difference;
            }
        }

        return new FrameCheck
        {
            NormDeviation = norms.Select(norm => Math.Abs(norm - mean)).Max() / mean,
            AngleDeviation = angle,
            EtfDistance = Math.Sqrt(etf),
            CirculantDistance = Math.Sqrt(circulant) / size,
        };
    }
}
