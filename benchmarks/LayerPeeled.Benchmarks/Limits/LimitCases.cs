using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.Targets;

namespace LayerPeeled.Benchmarks.Limits;

/// <summary>The solves that limits are tried on.</summary>
/// <param name="size">Classes, and tokens and contexts.</param>
/// <param name="fewer">Classes of the relatives that are solved class by class from many starts.</param>
internal sealed class LimitCases(int size, int fewer)
{
    private static readonly string[] Losses = ["squared-error", "hinge", "focal", "vs"];
    private static readonly string[] Methods = [.. SolverCatalog.All.Select(entry => entry.Name)];

    public IEnumerable<LimitCase> All =>
    [
        .. Methods.Select(method => Model($"{size} counts, {method}", method, loss => Distinct(loss))),
        .. Losses.Select(loss => Model($"{size} counts, {loss}", "auto", _ => Distinct(LossCatalog.Parse(loss), 0.1))),
        Model($"{size} counts, p = 50", "auto", loss => LayerPeeledModel.FromClassCounts(Counts(size), 1, 5, featureDimension: 50, loss: loss)),
        Model($"{size} counts, penalties and a bias", "auto",
            loss => LayerPeeledModel.FromClassCounts(Counts(size), new Penalties(1e-3 / size, 1e-6 / size) { Bias = 0 }, loss: loss)),
        .. Methods.Where(method => method != "merged").Select(method => Targets($"targets {size} × {size}, {method}", method, null, Dense)),
        Targets($"targets {size} × {size}, p = 50", "auto", 50, Dense),
        Targets($"next words, {size}", "auto", null, () => Problems.NextWords(size).Targets),
        Targets($"targets on a cycle of {size}", "auto", null, Cycle),
        new LimitCase($"relu, {fewer} counts, descents", () =>
        {
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Counts(fewer), 1, 5);
            return (limit, clock) =>
            {
                RectifiedSolution solution = new RectifiedSolver(new RectifiedOptions { Starts = 1000, TimeLimit = limit, Clock = clock }).Solve(model);
                return (solution.Status, solution.Iterations);
            };
        }),
        new LimitCase($"supcon, {size} counts", () =>
        {
            var model = ContrastiveModel.FromClassGroups(Counts(size).Select(count => new ClassGroup(1, count)), 5);
            return (limit, clock) =>
            {
                ContrastiveSolution solution = new ContrastiveSolver(new ContrastiveOptions { RelativeGapTolerance = 1e-14, TimeLimit = limit, Clock = clock }).Solve(model);
                return (solution.Status, solution.Iterations);
            };
        }),
        Sphere($"sphere, {fewer} counts", fewer, new FixedNorms(1), new FixedNorms(5)),
        Sphere($"sphere, {size} counts", size, new FixedNorms(1), new FixedNorms(5)),
        Sphere($"qnorm, {fewer} counts", fewer, new MeanNorm(1), new MeanNorm(5, 4)),
        new LimitCase($"deep, {fewer} counts", () =>
        {
            var program = new DeepProgram(LayerPeeledModel.FromClassCounts(Counts(fewer), new Penalties(1e-5, 1e-8)), 3);
            return (limit, clock) =>
            {
                DeepFeaturesSolution solution = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 1000, TimeLimit = limit, Clock = clock }).Solve(program);
                return (solution.Status, solution.Iterations);
            };
        }),
        .. Enum.GetValues<FamilyMemberKind>().Where(kind => kind != FamilyMemberKind.Spherical).Select(kind => new LimitCase($"comparison, {kind}, {size} counts", () =>
        {
            LayerPeeledModel model = Distinct(CrossEntropyLoss.Instance);
            return (limit, clock) => (FamilyComparison.Of(model, kind, Options(limit, clock)).Status, 0);
        })),
        new LimitCase($"mitigation, one rule, {size} counts", () =>
        {
            double[] counts = [.. Counts(size)];
            return (limit, clock) =>
            {
                MitigationOutcome outcome = new MitigationAnalysis(counts, 1, 5, options: Options(limit, clock)).Apply(ReweightingRule.SquareRootInverse);
                return (outcome.Solution.Status, outcome.Solution.Iterations);
            };
        }),
        new LimitCase($"critical size, {size} counts", () =>
        {
            LayerPeeledModel model = Distinct(CrossEntropyLoss.Instance);
            return (limit, clock) =>
            {
                LayerPeeledSolution solution = CollapseAnalysis.Of(model, Options(limit, clock)).Solution;
                return (solution.Status, solution.Iterations);
            };
        }),
    ];

    private static IEnumerable<double> Counts(int classes) => Enumerable.Range(0, classes).Select(k => Math.Round(100_000 * Math.Pow(100, -(double)k / (classes - 1))));

    private static AutomaticOptions Options(TimeSpan limit, TimeProvider clock) => new() { RelativeGapTolerance = 1e-14, TimeLimit = limit, Clock = clock };

    private static LimitCase Model(string name, string method, Func<ILoss, LayerPeeledModel> create) => new(name, () =>
    {
        LayerPeeledModel model = create(CrossEntropyLoss.Instance);
        return (limit, clock) =>
        {
            LayerPeeledSolution solution = Solver(method, limit, clock).Solve(model);
            return (solution.Status, solution.Iterations);
        };
    });

    private static LimitCase Targets(string name, string method, int? dimension, Func<SoftTargets> create) => new(name, () =>
    {
        var model = new SoftTargetModel(create(), 1, 5, dimension);
        return (limit, clock) =>
        {
            SoftTargetSolution solution = new SoftTargetSolver(Solver(method, limit, clock)).Solve(model);
            return (solution.Status, solution.Iterations);
        };
    });

    private static LimitCase Sphere(string name, int classes, NormConstraint classifiers, NormConstraint features) => new(name, () =>
    {
        SphericalModel model = SphericalModel.FromClassCounts(Counts(classes), classifiers, features, 20);
        return (limit, clock) =>
        {
            SphericalSolution solution = new SphericalSolver(new SphericalOptions { Starts = 1000, TimeLimit = limit, Clock = clock }).Solve(model);
            return (solution.Status, solution.Iterations);
        };
    });

    // No method closes a gap of 1e-14 at this size.
    private static ISolver Solver(string method, TimeSpan limit, TimeProvider clock)
    {
        SolverEntry entry = SolverCatalog.Find(method)!;
        return entry.Create(entry.Defaults with { RelativeGapTolerance = 1e-14, TimeLimit = limit, Clock = clock });
    }

    // Squared error and the hinge reach 0 where E_W·E_H is 1.
    private LayerPeeledModel Distinct(ILoss loss, double classifierBudget = 1) => LayerPeeledModel.FromClassCounts(Counts(size), classifierBudget, 5, loss: loss);

    private SoftTargets Dense()
    {
        var random = new Random(1);
        return SoftTargets.From(SparseColumns.FromTriplets(size, size, Enumerable.Range(0, size * size).Select(i => (i / size, i % size, Math.Pow(-Math.Log(1 - random.NextDouble()), 4)))));
    }

    private SoftTargets Cycle()
    {
        var random = new Random(1);
        double[] first = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble())];
        return SoftTargets.From(SparseColumns.FromTriplets(size, size, Enumerable.Range(0, size * size).Select(i => (i / size, i % size, first[((i / size) - (i % size) + size) % size]))));
    }
}
