using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Native.Border;

/// <summary>Method and options of a solve.</summary>
/// <param name="Entry">The method.</param>
/// <param name="Options">Its options.</param>
internal readonly record struct SolveSettings(SolverEntry Entry, SolverOptions Options)
{
    private const double LongestTime = 1e9;

    public static unsafe SolveSettings Of(LpSolveOptions* options)
    {
        LpSolveOptions given = Sized.ReadOrDefault(options, nameof(options));
        string name = PinnedText.ReadOrNull(given.Method, "options.method") ?? SolverCatalog.Default;
        SolverEntry entry = SolverCatalog.Find(name) ?? throw new ArgumentException(
            $"The method '{name}' is not known; one of {string.Join(", ", SolverCatalog.All.Select(method => method.Name))} is expected.", "options.method");
        return new(entry, With(entry.Defaults, given));
    }

    /// <summary>Options of functions that have no choice of a method.</summary>
    /// <exception cref="ArgumentException">Another method than the automatic one is asked for.</exception>
    public static unsafe AutomaticOptions Automatic(LpSolveOptions* options) => Of(options).Options as AutomaticOptions
        ?? throw new ArgumentException("This function solves with the method 'auto'; NULL or \"auto\" is expected.", "options.method");

    public ISolver Create() => Entry.Create(Options);

    private static SolverOptions With(SolverOptions defaults, LpSolveOptions given)
    {
        SolverOptions options = defaults with
        {
            RelativeGapTolerance = Choice.UnlessZero(given.GapTolerance) ?? defaults.RelativeGapTolerance,
            StationarityTolerance = Choice.UnlessZero(given.StationarityTolerance) ?? defaults.StationarityTolerance,
            TimeLimit = given.TimeLimit == 0 ? null : Seconds(given.TimeLimit),
            MemoryBudget = given.Memory == 0 ? null : given.Memory,
            MaxIterations = Choice.UnlessZero(given.MaxIterations) ?? defaults.MaxIterations,
            Seed = given.Seed,
            RecordTrace = given.RecordTrace != 0,
        };
        return given.GeometryTolerance == 0 ? options : options with { GeometryErrorTolerance = given.GeometryTolerance };
    }

    private static TimeSpan Seconds(double seconds) => seconds is > 0 and <= LongestTime
        ? TimeSpan.FromTicks(Math.Max(1, (long)(seconds * TimeSpan.TicksPerSecond)))
        : throw new ArgumentOutOfRangeException("options.time_limit", seconds, $"A positive number of seconds up to {LongestTime} is expected, or 0 for none.");
}
