using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Solves step-imbalance models along lines of settings. A line is cut into chunks of at most <see cref="ChunkLength"/> points; inside a chunk
/// each solve starts from the point before it. Chunks run in parallel. Neither the degree of parallelism nor interruptions change a bit
/// of the result. Thread-safe.
/// </summary>
public sealed class ParameterSweep
{
    /// <summary>Points in a chunk, at most.</summary>
    public const int ChunkLength = 16;

    // A minority below this share of the squared norm has vanished, and the factor form cannot leave zero.
    private const double VanishingNorm2 = 1e-8;
    private static readonly double[] Figure3FeatureBudgets = [5, 10];
    private static readonly int[] Figure3MajorityClasses = [3, 5, 7];
    private readonly StepImbalance[][] lines;
    private readonly (int Line, int First, int Count)[] chunks;

    /// <summary>A sweep over given lines.</summary>
    /// <param name="lines">The lines, each with neighbouring settings next to each other.</param>
    /// <exception cref="ArgumentException">There is no setting, or one was not made by its constructor.</exception>
    public ParameterSweep(IEnumerable<IEnumerable<StepImbalance>> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        this.lines = lines.Select(line => line.ToArray()).ToArray();
        if (this.lines.Sum(line => line.Length) == 0)
        {
            throw new ArgumentException("A sweep needs at least one setting.", nameof(lines));
        }

        if (this.lines.Any(line => line.Contains(default)))
        {
            throw new ArgumentException("A setting of the sweep is uninitialised.", nameof(lines));
        }

        chunks = this.lines.SelectMany((line, l) => Enumerable.Range(0, (line.Length + ChunkLength - 1) / ChunkLength)
            .Select(c => (l, c * ChunkLength, Math.Min(ChunkLength, line.Length - (c * ChunkLength))))).ToArray();
    }

    /// <summary>The lines of settings.</summary>
    public IReadOnlyList<IReadOnlyList<StepImbalance>> Lines => lines;

    /// <summary>One line along R: the path of norms and cosines of two groups.</summary>
    /// <param name="majorityClasses">K_A.</param>
    /// <param name="minorityClasses">K_B.</param>
    /// <param name="classifierBudget">E_W.</param>
    /// <param name="featureBudget">E_H.</param>
    /// <param name="ratios">R, each at least 1, best in ascending order.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ParameterSweep AlongRatio(
        int majorityClasses, int minorityClasses, double classifierBudget, double featureBudget, IEnumerable<double> ratios) =>
        new([Line(majorityClasses, minorityClasses, classifierBudget, featureBudget, ratios)]);

    /// <summary>
    /// Figure 3 of Fang, He, Long, Su (PNAS 2021): K = 10, E_W = 1, R from 1 to 10⁴, the cosine between minority classifiers. Six lines:
    /// E_H = 5 with K_A = 3, 5, 7, then E_H = 10 with the same.
    /// </summary>
    /// <param name="pointsPerDecade">Ratios per factor of ten, at least 1.</param>
    public static ParameterSweep Figure3(int pointsPerDecade = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pointsPerDecade, 1);
        double[] ratios = Enumerable.Range(0, (4 * pointsPerDecade) + 1).Select(i => Math.Pow(10, (double)i / pointsPerDecade)).ToArray();
        return new(from featureBudget in Figure3FeatureBudgets
                   from majority in Figure3MajorityClasses
                   select Line(majority, 10 - majority, 1, featureBudget, ratios));
    }

    /// <summary>Runs the sweep.</summary>
    /// <param name="options">How, or the default options.</param>
    /// <param name="cancellationToken">Stops it; the completed chunks are returned.</param>
    /// <exception cref="ArgumentException">The sweep has fewer chunks than <see cref="SweepOptions.Shard"/> counts shards.</exception>
    /// <exception cref="InvalidOperationException">The store gave back a chunk of the wrong length.</exception>
    public SweepResult Run(SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SweepOptions();
        var runner = new ChunkRunner(Identity(options.Solver), chunks.Select(c => c.Count).ToArray(), StepImbalancePoint.Width, options);
        double[]?[] values = runner.Run((chunk, destination) => Solve(chunk, destination, options.Solver, cancellationToken), cancellationToken);
        StepImbalancePoint?[][] points = lines.Select(line => new StepImbalancePoint?[line.Length]).ToArray();
        for (int c = 0; c < chunks.Length; c++)
        {
            (int line, int first, int count) = chunks[c];
            for (int i = 0; values[c] is { } chunk && i < count; i++)
            {
                points[line][first + i] = StepImbalancePoint.Read(
                    lines[line][first + i], chunk.AsSpan(i * StepImbalancePoint.Width, StepImbalancePoint.Width));
            }
        }

        return new SweepResult(points, runner.Progress);
    }

    private static IEnumerable<StepImbalance> Line(
        int majorityClasses, int minorityClasses, double classifierBudget, double featureBudget, IEnumerable<double> ratios)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        return ratios.Select(ratio => new StepImbalance(majorityClasses, minorityClasses, ratio, classifierBudget, featureBudget));
    }

    private bool Solve(int chunk, double[] values, AutomaticOptions options, CancellationToken token)
    {
        var solver = new AutomaticSolver(options);
        (int line, int first, int count) = chunks[chunk];
        StepImbalancePoint? previous = null;
        LayerPeeledSolution? neighbour = null;
        for (int i = 0; i < count; i++)
        {
            StepImbalance setting = lines[line][first + i];
            bool warm = neighbour is not null && previous is not null && CanStartFrom(previous, setting);
            neighbour = solver.Solve(setting.Model(), warm ? neighbour!.Factors : null, null, token);
            if (token.IsCancellationRequested)
            {
                return false;
            }

            previous = StepImbalancePoint.Of(setting, neighbour);
            previous.Write(values.AsSpan(i * StepImbalancePoint.Width, StepImbalancePoint.Width));
        }

        return true;
    }

    // Zero factors have zero gradient: from a collapsed point the iterations cannot reach one that stands apart, nor a vector from zero.
    private static bool CanStartFrom(StepImbalancePoint previous, StepImbalance setting) =>
        previous.Status == SolverStatus.Optimal
        && previous.Setting.MajorityClasses == setting.MajorityClasses && previous.Setting.MinorityClasses == setting.MinorityClasses
        && previous.Setting.Ratio > 1 && double.IsFinite(previous.Setting.Ratio) && setting.Ratio > 1
        && previous.Classifier.MinorityNorm2 > VanishingNorm2 * previous.Setting.ClassifierBudget
        && (!previous.Collapsed || StepImbalancePoint.IsCollapsed(setting));

    private string Identity(AutomaticOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{typeof(ParameterSweep).Assembly.GetName().Version};{LinearAlgebraProvider.Name};{ChunkLength};");
        text.Append(ChunkRunner.Identity(options));
        foreach (StepImbalance[] line in lines)
        {
            text.Append('\n');
            foreach (StepImbalance s in line)
            {
                text.Append(s.Identity).Append(';');
            }
        }

        return "step-imbalance-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
