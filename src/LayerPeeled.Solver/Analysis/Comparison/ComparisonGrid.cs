using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>
/// Models and losses over imbalance ratios: <see cref="FamilyComparison"/> at each point of the grid. Every point is a chunk of its own, solved from scratch; neither the
/// degree of parallelism nor interruptions nor shards change a bit of the result.
/// </summary>
public sealed class ComparisonGrid
{
    // Stands for the status of a member that does not take the model.
    private const double Refused = -1;
    private const int Width = 12;
    private readonly ComparedModel[] models;
    private readonly StepImbalance[] settings;
    private readonly double examples;

    /// <summary>A grid.</summary>
    /// <param name="models">What is compared.</param>
    /// <param name="settings">The classes and budgets at each ratio.</param>
    /// <param name="examples">Examples of a minority class, positive: only losses between samples depend on it.</param>
    /// <exception cref="ArgumentException">There is no model or no setting, a ratio is infinite, a loss does not take the classes or budgets, or an argument is out of its range.</exception>
    public ComparisonGrid(IEnumerable<ComparedModel> models, IEnumerable<StepImbalance> settings, double examples = 1)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(settings);
        (this.models, this.settings, this.examples) = (models.ToArray(), settings.ToArray(), examples);
        if (this.models.Length == 0 || this.settings.Length == 0)
        {
            throw new ArgumentException("A grid needs at least one model and one setting.", this.models.Length == 0 ? nameof(models) : nameof(settings));
        }

        if (this.settings.Any(setting => setting == default || !double.IsFinite(setting.Ratio)))
        {
            throw new ArgumentException("A setting of the grid is uninitialised, or its ratio is infinite.", nameof(settings));
        }

        if (!(examples > 0 && double.IsFinite(examples)))
        {
            throw new ArgumentOutOfRangeException(nameof(examples), examples, "The examples of a minority class must be positive and finite.");
        }

        // A loss that does not take the classes or budgets is found out before the work begins.
        for (int point = 0; point < this.models.Length * this.settings.Length; point++)
        {
            _ = Model(point);
        }
    }

    /// <summary>What is compared.</summary>
    public IReadOnlyList<ComparedModel> Models => models;

    /// <summary>The imbalance ratio R of each setting.</summary>
    public IReadOnlyList<double> Ratios => settings.Select(setting => setting.Ratio).ToArray();

    /// <summary>Computes the grid.</summary>
    /// <param name="options">How, or the default options.</param>
    /// <param name="cancellationToken">Stops it; the completed points are returned.</param>
    /// <exception cref="ArgumentException">The grid has fewer points than <see cref="SweepOptions.Shard"/> counts shards.</exception>
    /// <exception cref="InvalidOperationException">The store gave back a point of the wrong length.</exception>
    public ComparisonGridResult Run(SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SweepOptions();
        var runner = new ChunkRunner(Identity(options.Solver), Enumerable.Repeat(1, models.Length * settings.Length).ToArray(), Width, options);
        double[]?[] values = runner.Run((point, destination) => Solve(point, destination, options.Solver, cancellationToken), cancellationToken);
        var points = new ComparedMember?[models.Length, settings.Length];
        for (int point = 0; point < values.Length; point++)
        {
            points[point % models.Length, point / models.Length] = values[point] is { } found ? Read(point, found, options.Solver) : null;
        }

        return new ComparisonGridResult(points, runner.Progress);
    }

    private static double[] Numbers(ComparedSide side) => [side.NormRatio, side.MajorityCosine, side.MinorityCosine, side.CrossCosine];

    // Without any of its numbers there is no such side.
    private static ComparedSide Side(ReadOnlySpan<double> values)
    {
        var side = new ComparedSide(values[0], values[1], values[2], values[3]);
        return side == ComparedSide.None ? ComparedSide.None : side;
    }

    private LayerPeeledModel Model(int point)
    {
        StepImbalance setting = settings[point / models.Length];
        return LayerPeeledModel.FromClassGroups(
            [new ClassGroup(setting.MajorityClasses, setting.Ratio * examples), new ClassGroup(setting.MinorityClasses, examples)],
            setting.ClassifierBudget, setting.FeatureBudget, loss: models[point % models.Length].Loss);
    }

    private ComparedMember Compare(int point, AutomaticOptions options, CancellationToken token) =>
        FamilyComparison.Of(Model(point), models[point % models.Length].Kind, options, token);

    private bool Solve(int point, double[] values, AutomaticOptions options, CancellationToken token)
    {
        ComparedMember member = Compare(point, options, token);
        double[] all =
        [
            member.Refusal is null ? (double)member.Status : Refused, member.Objective, member.RelativeGap, member.CollapsedClasses,
            .. Numbers(member.Classifier), .. Numbers(member.Feature),
        ];
        all.CopyTo(values, 0);
        return !token.IsCancellationRequested;
    }

    private ComparedMember Read(int point, double[] values, AutomaticOptions options)
    {
        ComparedModel model = models[point % models.Length];
        // What a member refuses it refuses before it solves anything, and says it again.
        return values[0] == Refused ? Compare(point, options, CancellationToken.None) : new ComparedMember
        {
            Kind = model.Kind,
            Loss = FamilyComparison.LossOf(model.Kind, model.Loss),
            Status = (SolverStatus)(int)values[0],
            Objective = values[1],
            RelativeGap = values[2],
            CollapsedClasses = (int)values[3],
            Classifier = Side(values.AsSpan(4, 4)),
            Feature = Side(values.AsSpan(8, 4)),
        };
    }

    private string Identity(AutomaticOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{typeof(ComparisonGrid).Assembly.GetName().Version};{LinearAlgebraProvider.Name};{ChunkRunner.Identity(options)};{examples:r}\n");
        text.AppendJoin(';', models.Select(model => $"{model.Kind} {model.Loss.Name}")).Append('\n').AppendJoin(';', settings.Select(setting => setting.Identity));
        return "comparison-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
