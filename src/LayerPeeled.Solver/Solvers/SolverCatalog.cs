using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;

namespace LayerPeeled.Solver.Solvers;

/// <summary>All methods by the names that the tool and results know them by.</summary>
public static class SolverCatalog
{
    /// <summary>The method that picks one of the others.</summary>
    public const string Default = "auto";

    /// <summary>The methods, the most useful first.</summary>
    public static IReadOnlyList<SolverEntry> All { get; } =
    [
        Entry<AutomaticOptions>("auto", options => new AutomaticSolver(options)),
        Entry<LowRankOptions>("reduced", options => new ReducedSolver(options)),
        Entry<LowRankOptions>("merged", options => new MergedSolver(options)),
        Entry<LowRankOptions>("low-rank", options => new LowRankSolver(options)),
        Entry<ProjectedGradientOptions>("projected-gradient", options => new ProjectedGradientSolver(options)),
        Entry<NuclearNormOptions>("nuclear-norm", options => new NuclearNormSolver(options)),
        Entry<FrankWolfeOptions>("frank-wolfe", options => new FrankWolfeSolver(options)),
        Entry<SemidefiniteOptions>("sdp", options => new SemidefiniteSolver(options)),
    ];

    /// <summary>The method of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public static SolverEntry? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    private static SolverEntry Entry<TOptions>(string name, Func<TOptions, ISolver> create)
        where TOptions : SolverOptions, new() =>
        new(name, new TOptions(), options => options is TOptions own
            ? create(own)
            : throw new ArgumentException($"The {name} method takes {typeof(TOptions).Name}, got {options?.GetType().Name ?? "null"}.", nameof(options)));
}
