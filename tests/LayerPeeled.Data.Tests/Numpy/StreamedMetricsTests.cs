using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Tests.Numpy;

public sealed class StreamedMetricsTests
{
    [Fact]
    public void Measure_FeaturesStreamedFromAFile_EqualsFeaturesInMemory()
    {
        const int Examples = 1500, Dimension = 6;
        long[] labels = Enumerable.Range(0, Examples).Select(i => (long)(i * i % 5)).ToArray();
        Matrix<double> features = Matrix<double>.Build.Dense(Examples, Dimension, (i, d) => Math.Sin((3 * labels[i]) + d) + (0.2 * Math.Cos(i * (d + 1.3))));
        using var file = new MemoryStream();
        NpyWriter.Write(file, features);

        FeatureAccumulator first = new(Dimension, withinScatter: false);
        Stream(first.Add);
        FeatureStatistics statistics = first.ToStatistics();
        var second = new SecondPassAccumulator(statistics);
        Stream(second.Add);
        NeuralCollapseReport streamed = NeuralCollapse.Measure(statistics, secondPass: second.ToStatistics());
        NeuralCollapseReport whole = NeuralCollapse.Measure(features, labels);
        Assert.Equal(whole.Variability, streamed.Variability);
        Assert.Equal(whole.Decisions!.NearestMeanAccuracy, streamed.Decisions!.NearestMeanAccuracy);

        void Stream(AddRows add)
        {
            file.Position = 0;
            using var reader = new NpyReader(file, "features", leaveOpen: true);
            var block = new double[100 * Dimension];
            for (int row = 0, n; (n = reader.ReadRows(block)) > 0; row += n)
            {
                add(block.AsSpan(0, n * Dimension), labels.AsSpan(row, n));
            }
        }
    }

    private delegate void AddRows(ReadOnlySpan<double> rows, ReadOnlySpan<long> labels);
}
