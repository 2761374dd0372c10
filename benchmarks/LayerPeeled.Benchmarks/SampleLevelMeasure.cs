using System.Diagnostics;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.ProjectedGradient;

namespace LayerPeeled.Benchmarks;

/// <summary>Sample-level projected gradient against the bandwidth of the machine.</summary>
internal static class SampleLevelMeasure
{
    /// <summary>
    /// Time of one iteration of projected gradient with the default step rule, time to read and write the features once with all
    /// processors, and their ratio. The best of interleaved rounds each, which
    /// is what other work on the machine disturbs least; backtracking and writing steps out are included.
    /// </summary>
    /// <param name="examples">N; classes have equally many, up to one.</param>
    /// <param name="dimension">p.</param>
    /// <param name="classes">K.</param>
    /// <param name="rounds">How many times both are measured.</param>
    public static (double IterationSeconds, double CopySeconds, double Ratio) PgdBandwidthRatio(
        int examples = 50_000, int dimension = 512, int classes = 10, int rounds = 5)
    {
        const int Iterations = 12;
        double[] counts = Enumerable.Range(0, classes).Select(k => (double)((((long)k + 1) * examples / classes) - ((long)k * examples / classes))).ToArray();
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, 1, 5, featureDimension: dimension);
        FactorizedProgram program = FactorizedProgram.SampleLevel(model);
        var options = new ProjectedGradientOptions();
        FusedSpectralRun run = CreateRun(program, options);
        var target = new double[(long)dimension * examples];
        var source = new double[target.Length];
        Array.Fill(source, 1); // pages that were never written are all one page of zeros, which stays in cache
        var control = new IterationControl(options, CancellationToken.None);
        double bestIteration = double.PositiveInfinity, bestCopy = double.PositiveInfinity;
        for (int round = -2; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Iterations; i++)
            {
                run.Iterate(control);
            }

            double iteration = Stopwatch.GetElapsedTime(start).TotalSeconds / Iterations;
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 3; i++)
            {
                Copy(source, target);
            }

            double copy = Stopwatch.GetElapsedTime(start).TotalSeconds / 3;
            if (round >= 0)
            {
                bestIteration = Math.Min(bestIteration, iteration);
                bestCopy = Math.Min(bestCopy, copy);
            }
        }

        return (bestIteration, bestCopy, bestIteration / bestCopy);
    }

    /// <summary>A run from a random point.</summary>
    internal static FusedSpectralRun CreateRun(FactorizedProgram program, ProjectedGradientOptions options) =>
        new(program, options, program.RandomPoint(0).Values.ToArray());

    /// <summary>Copies with every processor, a piece each.</summary>
    internal static void Copy(double[] source, double[] target)
    {
        int pieces = Environment.ProcessorCount * 4;
        Parallel.For(0, pieces, i =>
        {
            int first = (int)((long)source.Length * i / pieces), end = (int)((long)source.Length * (i + 1) / pieces);
            source.AsSpan(first, end - first).CopyTo(target.AsSpan(first));
        });
    }
}
