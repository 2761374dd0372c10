using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis;

public sealed class ParameterSweepTests
{
    private const double SolverTolerance = 1e-7;

    [Fact]
    public void Run_Figure3_MatchesReferenceAndThresholds()
    {
        SweepResult result = ParameterSweep.Figure3(pointsPerDecade: 4).Run();
        Assert.True(result.IsComplete);
        Assert.Equal(6, result.Lines.Count);
        Assert.All(result.Points, p => Assert.Equal(SolverStatus.Optimal, p.Status));
        int matched = 0;
        foreach (StepImbalancePoint point in result.Points)
        {
            double cosine = point.Classifier.MinorityCosine;
            Assert.True(point.Collapsed ? double.IsNaN(cosine) || cosine > 1 - 1e-7 : cosine < 1 - 1e-7, point.ToString());
            StepImbalance s = point.Setting;
            if (s.Ratio == 1)
            {
                Assertions.Within(-1.0 / 9, cosine, SolverTolerance);
            }

            foreach (ReferenceCase c in ReferenceCases.All.Where(c => (c.Majority, c.Minority, c.Ratio, c.ClassifierBudget, c.FeatureBudget)
                == (s.MajorityClasses, s.MinorityClasses, s.Ratio, s.ClassifierBudget, s.FeatureBudget)))
            {
                matched++;
                Assertions.Near(c.Objective, point.Objective, 1e-11);
                Assertions.Near(c.Multiplier, point.Multiplier, SolverTolerance);
                Assertions.Within(c.Classifier.CosAA, point.Classifier.MajorityCosine, SolverTolerance);
                Assertions.Within(c.Feature.Norm2A, point.Feature.MajorityNorm2, SolverTolerance * c.FeatureBudget);
                if (c.Classifier.Norm2B > 1e-20)
                {
                    Assertions.Within(c.Classifier.CosBB, point.Classifier.MinorityCosine, SolverTolerance);
                    Assertions.Within(c.Feature.CosAB, point.Feature.CrossCosine, SolverTolerance);
                }
            }
        }

        Assert.True(matched >= 5, $"only {matched} reference cases lie on the figure");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_AnyParallelism_GivesTheSameBits(int degree)
    {
        ParameterSweep sweep = Sweep();
        SweepResult serial = sweep.Run(new SweepOptions { MaxDegreeOfParallelism = 1 });
        SweepResult parallel = sweep.Run(new SweepOptions { MaxDegreeOfParallelism = degree });
        AssertSameBits(serial, parallel);
    }

    [Fact]
    public void Run_CancelledAndResumed_GivesTheSameBits()
    {
        ParameterSweep sweep = Sweep();
        SweepResult whole = sweep.Run();
        var store = new MemoryStore();
        using var source = new CancellationTokenSource();
        SweepResult first = sweep.Run(
            new SweepOptions { MaxDegreeOfParallelism = 1, Store = store, Progress = new Recorder(p => { if (p.Done > 0) { source.Cancel(); } }) }, source.Token);
        Assert.False(first.IsComplete);
        Assert.Equal(ParameterSweep.ChunkLength, first.Progress.Done);
        Assert.Equal(first.Progress.Done, first.Points.Count());
        Assert.Single(store.Chunks);

        var reports = new List<SweepProgress>();
        SweepResult resumed = sweep.Run(new SweepOptions { Store = store, Progress = new Recorder(reports.Add) });
        Assert.True(resumed.IsComplete);
        AssertSameBits(whole, resumed);
        Assert.Equal(new SweepProgress(16, 44, 16), reports[0]);
        Assert.Equal(new SweepProgress(44, 44, 16), reports[^1]);
        Assert.Equal(reports.Select(r => r.Done).Order(), reports.Select(r => r.Done));

        int saves = store.Saves;
        AssertSameBits(whole, sweep.Run(new SweepOptions { Store = store }));
        Assert.Equal(saves, store.Saves);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_EveryShard_TogetherTheBitsOfOneRun(int count)
    {
        ParameterSweep sweep = Sweep();
        var store = new MemoryStore();
        int points = 0;
        for (int number = 1; number <= count; number++)
        {
            int before = store.Chunks.Count;
            SweepResult result = sweep.Run(new SweepOptions { Store = store, Shard = new SweepShard(number, count) });
            Assert.True(result.IsComplete);
            Assert.Equal(new SweepProgress(result.Points.Count(), result.Points.Count(), 0), result.Progress);
            Assert.True(store.Chunks.Count > before, "each shard has a chunk of its own");
            points += result.Progress.Total;
        }

        SweepResult merged = sweep.Run(new SweepOptions { Store = store });
        Assert.Equal(new SweepProgress(points, points, points), merged.Progress);
        AssertSameBits(sweep.Run(), merged);
    }

    [Fact]
    public void Run_MoreShardsThanChunks_Throws() =>
        Assert.Throws<ArgumentException>(() => Sweep().Run(new SweepOptions { Shard = new SweepShard(1, 5) }));

    [Theory]
    [InlineData(3, 41)]
    [InlineData(8, 100)]
    [InlineData(7, 7)]
    public void Owns_EachChunk_ExactlyOneShardAndEvenly(int count, int chunks)
    {
        SweepShard[] shards = Enumerable.Range(1, count).Select(number => new SweepShard(number, count)).ToArray();
        Assert.All(Enumerable.Range(0, chunks), chunk => Assert.Single(shards, shard => shard.Owns(chunk)));
        Assert.All(shards, shard => Assert.InRange(Enumerable.Range(0, chunks).Count(shard.Owns), chunks / count, (chunks + count - 1) / count));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    [InlineData(1, 0)]
    public void Shard_NumberOutOfRange_Throws(int number, int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new SweepShard(number, count));

    [Fact]
    public void Run_OtherSettings_DoNotMixInTheStore()
    {
        var store = new MemoryStore();
        ParameterSweep.AlongRatio(5, 5, 1, 5, [2, 3]).Run(new SweepOptions { Store = store });
        SweepResult other = ParameterSweep.AlongRatio(5, 5, 1, 5.5, [2, 3]).Run(new SweepOptions { Store = store });
        Assert.Equal(0, other.Progress.Restored);
        Assert.Equal(2, store.Chunks.Count);
    }

    [Fact]
    public void Run_StoreFails_ThrowsItsException()
    {
        var store = new MemoryStore { Failure = new IOException("disk full") };
        Assert.Equal("disk full", Assert.Throws<IOException>(() => Sweep().Run(new SweepOptions { Store = store })).Message);
        string? sweep = null;
        store = new MemoryStore();
        ParameterSweep one = ParameterSweep.AlongRatio(5, 5, 1, 5, [2]);
        one.Run(new SweepOptions { Store = store });
        sweep = store.Chunks.Keys.Single().Sweep;
        store.Chunks[(sweep, 0)] = [1, 2, 3];
        Assert.Throws<InvalidOperationException>(() => one.Run(new SweepOptions { Store = store }));
    }

    [Fact]
    public void Run_CancelledBeforeTheStart_ReturnsNothing()
    {
        SweepResult result = Sweep().Run(null, new CancellationToken(canceled: true));
        Assert.Equal(0, result.Progress.Done);
        Assert.Empty(result.Points);
    }

    [Fact]
    public void Run_DescendingAndUnevenLines_AreSolvedAllTheSame()
    {
        // From collapsed to apart, from vanishing to not, to and from balance and R = ∞, and other class numbers next to each other.
        StepImbalance[] line =
        [
            new(7, 3, double.PositiveInfinity, 1, 5), new(7, 3, 100, 1, 5), new(7, 3, 5, 1, 5), new(7, 3, 2, 1, 5), new(7, 3, 1, 1, 5), new(7, 3, 1.5, 1, 5),
            new(5, 5, 20, 1, 5), new(5, 5, 20, 1, 20), new(9, 1, 20, 1, 20), new(1, 9, 20, 1, 20),
        ];
        SweepResult result = new ParameterSweep([line]).Run();
        Assert.All(result.Points, p => Assert.Equal(SolverStatus.Optimal, p.Status));
        StepImbalancePoint apart = result.Lines[0][3]!;
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "7+3 R=2 E=1x5");
        Assertions.Near(expected.Objective, apart.Objective, 1e-11);
        Assertions.Within(expected.Classifier.CosBB, apart.Classifier.MinorityCosine, SolverTolerance);
        Assert.True(double.IsNaN(result.Lines[0][8]!.Classifier.MinorityCosine), "a single minority class has no pair");
    }

    [Fact]
    public void Compute_PhaseDiagram_TurnsAtTheThreshold()
    {
        double[] ratios = [1, 2, 5, 11.9, 12.5, 50, 400];
        PhaseDiagram diagram = PhaseDiagram.Compute(5, 5, ratios, [1, 5, 10]);
        Assert.True(diagram.IsComplete);
        for (int e = 0; e < diagram.BudgetProducts.Count; e++)
        {
            double last = -1;
            for (int r = 0; r < ratios.Length; r++)
            {
                double cosine = diagram.MinorityCosine(e, r);
                bool collapses = diagram.Thresholds[e].Collapses(ratios[r]);
                Assert.True(collapses ? double.IsNaN(cosine) || cosine > 1 - 1e-7 : cosine < 1 - 1e-7, $"{cosine} at {ratios[r]}");
                Assert.False(cosine < last - 1e-7, "the cosine rises with R until the classifiers vanish");
                last = double.IsNaN(cosine) ? last : cosine;
            }
        }
    }

    [Fact]
    public void Constructor_BadSettings_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ParameterSweep([]));
        Assert.Throws<ArgumentException>(() => new ParameterSweep([[default]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepImbalance(5, 5, 0.5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepImbalance(5, 5, double.NaN, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepImbalance(5, 0, 2, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepImbalance(5, 5, 2, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SweepOptions { MaxDegreeOfParallelism = 0 });
    }

    private static ParameterSweep Sweep()
    {
        IEnumerable<double> ratios = Enumerable.Range(0, 22).Select(i => Math.Pow(10, i / 8.0));
        return new([ratios.Select(r => new StepImbalance(5, 5, r, 1, 5)), ratios.Select(r => new StepImbalance(4, 6, r, 2, 5))]);
    }

    private static void AssertSameBits(SweepResult expected, SweepResult actual) => Assert.Equal(Bits(expected), Bits(actual));

    private static long[] Bits(SweepResult result)
    {
        var values = new double[StepImbalancePoint.Width];
        return result.Points.SelectMany(p =>
        {
            p.Write(values);
            return values.Select(BitConverter.DoubleToInt64Bits).ToArray();
        }).ToArray();
    }

    private sealed class Recorder(Action<SweepProgress> action) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => action(value);
    }

    private sealed class MemoryStore : ISweepStore
    {
        public Dictionary<(string Sweep, int Chunk), double[]> Chunks { get; } = [];

        public Exception? Failure { get; init; }

        public int Saves { get; private set; }

        public double[]? Load(string sweep, int chunk) => Chunks.GetValueOrDefault((sweep, chunk));

        public void Save(string sweep, int chunk, ReadOnlySpan<double> values)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Saves++;
            Chunks.Add((sweep, chunk), values.ToArray());
        }
    }
}
