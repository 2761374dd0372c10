using System.CommandLine;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say how accurate a solve is to be, and when it ends.</summary>
internal sealed class LimitOptions
{
    private const double LongestTime = 1e9;
    private const double MostMemory = 1e6;

    /// <summary>The relative gap that counts as closed.</summary>
    public Option<double?> Gap { get; } = NumberSyntax.Number(
        "--gap", "gap", "Relative duality gap at which the optimum counts as certified. Default: the method's own.", "a number from 0 to 1",
        value => value is >= 0 and <= 1);

    /// <summary>The error of norms and cosines.</summary>
    public Option<double?> Accuracy { get; } = NumberSyntax.Number(
        "--accuracy", "error",
        "How accurate norms and cosines are to be, by estimate, once the gap has closed. Default: 1e-8; with a larger --gap than the default one, as the gap leaves them.",
        "a number from 0 to 1", value => value is >= 0 and <= 1);

    /// <summary>Iterations.</summary>
    public Option<int?> MaxIterations { get; } = NumberSyntax.Integer(
        "--max-iterations", "n", "Most iterations. Default: the method's own.", "a whole number of at least 1", 1);

    /// <summary>Time.</summary>
    public Option<double?> TimeLimit { get; } = NumberSyntax.Number(
        "--time-limit", "seconds", "Longest time; the best point so far is returned. Default: none.", $"a positive number of seconds up to {LongestTime:0}",
        value => value is > 0 and <= LongestTime);

    /// <summary>Memory.</summary>
    public Option<double?> Memory { get; } = NumberSyntax.Number(
        "--memory", "GB", "Most memory; classes are held together as far as that takes. Default: half of the machine's.", $"a number of gigabytes from 0.001 to {MostMemory:0}",
        value => value is >= 0.001 and <= MostMemory);

    /// <summary>What random starts are drawn with.</summary>
    public Option<int?> Seed { get; } = NumberSyntax.Integer(
        "--seed", "n", "Seed of random starting points, where the method draws one. Default: 0.", "a whole number of at least 0", 0);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [Gap, Accuracy, MaxIterations, TimeLimit, Memory, Seed];

    /// <summary>The options of a method with what was given in place of its defaults.</summary>
    public T Apply<T>(ParseResult parsed, T defaults)
        where T : SolverOptions
    {
        SolverOptions options = defaults;
        options = options with
        {
            RelativeGapTolerance = parsed.GetValue(Gap) ?? defaults.RelativeGapTolerance,
            MaxIterations = parsed.GetValue(MaxIterations) ?? defaults.MaxIterations,
            TimeLimit = parsed.GetValue(TimeLimit) is { } seconds ? TimeSpan.FromTicks(Math.Max(1, (long)(seconds * TimeSpan.TicksPerSecond))) : defaults.TimeLimit,
            MemoryBudget = parsed.GetValue(Memory) is { } gigabytes ? (long)(gigabytes * 1e9) : defaults.MemoryBudget,
            Seed = parsed.GetValue(Seed) ?? defaults.Seed,
        };
        return (T)(parsed.GetValue(Accuracy) is { } error ? options with { GeometryErrorTolerance = error } : options);
    }
}
