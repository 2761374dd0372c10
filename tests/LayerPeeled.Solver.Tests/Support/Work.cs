using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Solvers.Targets;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>
/// One piece of work of each kind, with models and solvers that all who run it share. Sizes are those at which products, columns and stored vectors are divided among threads, where the kind has any.
/// </summary>
internal static class Work
{
    private static readonly double[] Tail = [.. Enumerable.Range(0, 170).Select(k => 1 + Math.Round(20_000 * Math.Pow(100, -k / 169.0)))];
    private static readonly LayerPeeledModel Large = LayerPeeledModel.FromClassCounts(Tail, 1, 5);
    private static readonly LayerPeeledModel Small = LayerPeeledModel.FromClassGroups([new(2, 50), new(1, 21), new(3, 6)], 1, 5);

    /// <summary>What is done, by name; each returns the bits of all its results.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new Dictionary<string, Func<string>>
    {
        ["auto"] = Method("auto", Large, 400),
        ["reduced"] = Method("reduced", Large, 400),
        ["merged"] = Method("merged", Large, 400),
        ["low-rank"] = Method("low-rank", Large, 400),
        ["nuclear-norm"] = Method("nuclear-norm", Large, 5),
        ["frank-wolfe"] = Method("frank-wolfe", Large, 3),
        ["sdp"] = Method("sdp", Large, 3),
        ["projected-gradient"] = Method("projected-gradient", Large, 40),
        ["programs"] = Programs(),
        ["losses"] = Losses(),
        ["penalties"] = Penalised(),
        ["soft targets"] = Targets(),
        ["cycle"] = Cycle(),
        ["supcon"] = Contrastive(),
        ["sphere"] = Spherical(),
        ["relu"] = Rectified(),
        ["deep"] = Deep(),
        ["closed forms"] = ClosedForms(),
        ["sweep"] = Sweep(),
        ["mitigation"] = Mitigation(),
        ["trajectory"] = Trajectory(),
    };

    private static Func<string> Method(string name, LayerPeeledModel model, int iterations)
    {
        SolverEntry entry = SolverCatalog.Find(name)!;
        ISolver solver = entry.Create(entry.Defaults with { MaxIterations = iterations });
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Programs()
    {
        var nuclear = NuclearNormProgram.ForGroups(Small);
        var semidefinite = new SemidefiniteProgram(Small);
        var sparse = SparseColumns.FromTriplets(3, 3, [(0, 0, 1.0), (2, 0, 3), (1, 1, 2), (0, 2, 5)]);
        GroupedFactors point = LayerPeeledSolver.Solve(Small).Factors;
        return () => Bits.Of(new NuclearNormSolver().Solve(nuclear)) + Bits.Of(new SemidefiniteSolver().Solve(semidefinite))
            + Bits.Of([], DualityGap.Certify(point).LowerBound, point.ClassifierNorm2(), point.NuclearNormBound(), SoftTargets.From(sparse.Transpose()).EntropyFloor);
    }

    private static Func<string> Losses()
    {
        LayerPeeledModel[] models = [.. LossCatalog.Entries.Select(entry => LayerPeeledModel.FromClassGroups(Small.Groups, 0.2, 2, loss: LossCatalog.Parse(entry.Name)))];
        return () => string.Concat(models.Select(model => Bits.Of(LayerPeeledSolver.Solve(model))));
    }

    private static Func<string> Penalised()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Tail, new Penalties(1e-4, 1e-7) { Bias = 0 });
        return Method("reduced", model, 30);
    }

    private static Func<string> Targets()
    {
        var model = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(160, 170, 3)), 1, 5);
        var solver = new SoftTargetSolver(SolverCatalog.Find("auto")!.Create(SolverCatalog.Find("auto")!.Defaults with { MaxIterations = 25 }));
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Cycle()
    {
        const int Tokens = 40;
        SparseColumns table = SparseColumns.FromTriplets(Tokens, Tokens, Enumerable.Range(0, Tokens * Tokens).Select(i => (i / Tokens, i % Tokens, 1.0 / (1 + (((i / Tokens) - (i % Tokens) + Tokens) % Tokens)))));
        var model = new SoftTargetModel(SoftTargets.From(table), 1, 5);
        var solver = new SoftTargetSolver();
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Contrastive()
    {
        ContrastiveModel model = ContrastiveModel.FromClassCounts(Tail, 5);
        var solver = new ContrastiveSolver(new ContrastiveOptions { MaxIterations = 60 });
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Spherical()
    {
        SphericalModel model = SphericalModel.FromClassCounts(Tail, new FixedNorms(1), new FixedNorms(5), 8);
        var solver = new SphericalSolver(new SphericalOptions { Starts = 2, MaxIterations = 30, LowerBound = false });
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Rectified()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Tail.Take(60), 1, 5);
        var solver = new RectifiedSolver(new RectifiedOptions { Starts = 2, MaxIterations = 30 });
        return () => Bits.Of(solver.Solve(model));
    }

    private static Func<string> Deep()
    {
        var program = new DeepProgram(LayerPeeledModel.FromClassCounts(Tail.Take(60), new Penalties(1e-4, 1e-7)), 2);
        var solver = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 2, MaxIterations = 30 });
        return () => Bits.Of(solver.Solve(program));
    }

    private static Func<string> ClosedForms() => () =>
    {
        var seli = SeliGeometry.Of(Large);
        var frame = RectifiedFrame.Of(Large);
        return Bits.Of([seli.Classifier, frame.ClassMeans], seli.Margin, seli.Certify().LowerBound, frame.Objective, frame.LowerBound);
    };

    private static Func<string> Sweep()
    {
        ParameterSweep sweep = ParameterSweep.AlongRatio(3, 4, 1, 5, Enumerable.Range(0, 50).Select(i => Math.Pow(10, 0.08 * i)));
        return () => Bits.Of(sweep.Run());
    }

    private static Func<string> Mitigation()
    {
        var analysis = new MitigationAnalysis([500, 300, 20, 9, 4, 3], 1, 5);
        return () => Bits.Of(analysis.Apply(ReweightingRule.SquareRootInverse).Solution) + analysis.FindWeakestPower(1e-3).Exponent.ToString("r", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Func<string> Trajectory()
    {
        FactorizedProgram program = FactorizedProgram.At(LayerPeeledModel.FromClassCounts(Tail.Take(30), 1, 5), FactorizedLevel.ClassMeans);
        return () => Bits.Of([], [.. GradientFlow.Run(program, new GradientFlowOptions { MaxSteps = 60 }).Records.Select(record => record.LogObjective)]);
    }
}
