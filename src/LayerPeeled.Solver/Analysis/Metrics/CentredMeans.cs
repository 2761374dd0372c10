using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>M̃: the means of the classes with examples, measured from the global mean, and the spectrum of their covariance Σ_B.</summary>
internal sealed class CentredMeans
{
    // Centring rounds relative to the means themselves, by a few units in the last place.
    private const double CentringRoundoff = 16 / 4503599627370496.0;

    public CentredMeans(FeatureStatistics statistics, NeuralCollapseOptions options)
    {
        Source = statistics;
        Options = options;
        Classes = statistics.Present.ToArray();
        Origin = statistics.GlobalMeanOf(options.GlobalMean).ToArray();
        int p = statistics.Dimension;
        Data = new double[MatrixShape.Length(Classes.Length, p)];
        double largest = 0, sum = 0;
        for (int i = 0; i < Classes.Length; i++)
        {
            Span<double> column = Data.AsSpan(i * p, p);
            statistics.Means.Row(Classes[i]).AsArray().CopyTo(column);
            double norm = TensorPrimitives.Norm<double>(column);
            largest = Math.Max(largest, norm);
            sum += norm * norm;
            TensorPrimitives.Subtract(column, Origin, column);
        }

        bool centred = options.GlobalMean != GlobalMean.None;
        Roundoff = centred ? CentringRoundoff * largest : 0;
        LargestRank = centred ? Classes.Length - 1 : Classes.Length;
        Spectrum = BetweenClassSpectrum.Of(Data, p, LargestRank, Math.Sqrt(sum), options.RankTolerance);
    }

    public FeatureStatistics Source { get; }

    public NeuralCollapseOptions Options { get; }

    /// <summary>The classes with examples.</summary>
    public int[] Classes { get; }

    /// <summary>μ.</summary>
    public double[] Origin { get; }

    /// <summary>m_k − μ, p×K column-major.</summary>
    public double[] Data { get; }

    /// <summary>Norms at or below this are zero.</summary>
    public double Roundoff { get; }

    /// <summary>The rank that Σ_B has when the means are in general position and p suffices.</summary>
    public int LargestRank { get; }

    public BetweenClassSpectrum Spectrum { get; }
}
