using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;

namespace LayerPeeled.Cli;

/// <summary>The methods by the names they have on the command line.</summary>
internal static class MethodCatalog
{
    public const string Default = "auto";

    public static IReadOnlyList<MethodEntry> All { get; } =
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

    public static string Names { get; } = string.Join(", ", All.Select(method => method.Name));

    public static MethodEntry? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    private static MethodEntry Entry<TOptions>(string name, Func<TOptions, ISolver> create)
        where TOptions : SolverOptions, new() =>
        new(name, new TOptions(), options => create((TOptions)options));
}
