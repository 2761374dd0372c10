using LayerPeeled.Data;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Regression;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Benchmarks.Load;

/// <summary>
/// Jobs of all kinds on random models: every method, loss and regulariser, soft targets, relatives, files and their verification, analyses. Models, losses and solvers are
/// shared by all threads, as the documentation says that they may be.
/// </summary>
internal static class MixedLoad
{
    private static readonly string[] Losses =
        ["cross-entropy", "squared-error", "vs:gamma=0.2,tau=1", "cdt:gamma=0.2", "la:tau=1", "balanced-softmax", "ldam:c=0.5", "temperature:value=2", "smoothing:epsilon=0.1", "ovr", "hinge:smoothing=0.1", "focal:gamma=2"];

    /// <summary>Different jobs, the same for a seed.</summary>
    public static Job[] Jobs(int count, int seed)
    {
        var random = new Random(seed);
        var jobs = new Job[count];
        for (int i = 0; i < count; i++)
        {
            jobs[i] = (i % 12) switch
            {
                0 or 1 or 2 => Method(random, SolverCatalog.All[i / 12 % SolverCatalog.All.Count]),
                3 or 4 => Loss(random, Losses[i / 12 % Losses.Length]),
                5 => Penalised(random),
                6 => SoftTarget(random),
                7 => i / 12 % 2 == 0 ? Contrastive(random) : Spherical(random),
                8 => i / 12 % 2 == 0 ? Rectified(random) : Deep(random),
                9 => i / 12 % 2 == 0 ? ClosedForms(random) : Sweep(random),
                10 => Analyses(random),
                _ => Files(random),
            };
        }

        return jobs;
    }

    private static Job Method(Random random, SolverEntry entry)
    {
        LayerPeeledModel model = Model(random, entry.Name is "sdp" or "projected-gradient" ? 6 : 25);
        ISolver solver = entry.Create(entry.Defaults with { MaxIterations = 300, RelativeGapTolerance = 1e-8 });
        return new Job(entry.Name, () => Of(solver.Solve(model)));
    }

    private static Job Loss(Random random, string loss)
    {
        // Budgets within which losses that end at 0 do not get there
        LayerPeeledModel model = Model(random, 15, new Budgets(Logarithmic(random, 0.1, 0.3), Logarithmic(random, 1, 2)), LossCatalog.Parse(loss));
        return new Job(loss, () => Of(LayerPeeledSolver.Solve(model)));
    }

    private static Job Penalised(Random random)
    {
        LayerPeeledModel model = Model(random, 15, new Penalties(Logarithmic(random, 1e-4, 1e-1), Logarithmic(random, 1e-5, 1e-3)) { Bias = random.Next(2) == 0 ? null : 0 });
        return new Job("penalties", () => Of(LayerPeeledSolver.Solve(model)));
    }

    private static Job SoftTarget(Random random)
    {
        int tokens = random.Next(3, 25), contexts = random.Next(3, 25);
        var model = new SoftTargetModel(
            SoftTargets.From(SparseColumns.FromTriplets(tokens, contexts, [.. Enumerable.Range(0, 6 * contexts).Select(i => (random.Next(tokens), i % contexts, 1.0 + random.Next(9)))])), 1, 5);
        var solver = new SoftTargetSolver();
        return new Job("soft targets", () =>
        {
            SoftTargetSolution solution = solver.Solve(model);
            Require(solution.RelativeGap >= 0, "soft targets", solution.RelativeGap);
            return new Digest().Add(solution.Objective, solution.ExcessLowerBound, solution.Iterations).Add(solution.Classifier).Add(solution.Features).Value;
        });
    }

    private static Job Contrastive(Random random)
    {
        ContrastiveModel model = ContrastiveModel.FromClassGroups(Groups(random, 12).Select(group => group with { Count = 2 + Math.Ceiling(group.Count) }), 5);
        var solver = new ContrastiveSolver(new ContrastiveOptions { MaxIterations = 300 });
        return new Job("supcon", () =>
        {
            ContrastiveSolution solution = solver.Solve(model);
            return new Digest().Add(solution.Objective, solution.Certificate.RelativeGap, solution.Iterations).Add(solution.Cosines).Value;
        });
    }

    private static Job Spherical(Random random)
    {
        SphericalModel model = SphericalModel.FromClassGroups(Groups(random, 6), new FixedNorms(1), random.Next(2) == 0 ? new FixedNorms(5) : new MeanNorm(5, 3), 4);
        var solver = new SphericalSolver(new SphericalOptions { Starts = 2, MaxIterations = 300 });
        return new Job("sphere", () =>
        {
            SphericalSolution solution = solver.Solve(model);
            return new Digest().Add(solution.Objective, solution.LowerBound, solution.Iterations).Add(solution.Classifier).Value;
        });
    }

    private static Job Rectified(Random random)
    {
        LayerPeeledModel model = Model(random, 6);
        var solver = new RectifiedSolver(new RectifiedOptions { Starts = 2, MaxIterations = 300 });
        return new Job("relu", () =>
        {
            RectifiedSolution solution = solver.Solve(model);
            return new Digest().Add(solution.Objective, solution.Certificate.LowerBound, solution.Iterations).Add(solution.Classifier).Value;
        });
    }

    private static Job Deep(Random random)
    {
        var program = new DeepProgram(Model(random, 6, new Penalties(1e-3, 1e-4)), 2);
        var solver = new DeepFeaturesSolver(new DeepFeaturesOptions { Starts = 2, MaxIterations = 300 });
        return new Job("deep", () =>
        {
            DeepFeaturesSolution solution = solver.Solve(program);
            return new Digest().Add(solution.Objective, solution.Stationarity, solution.Iterations).Value;
        });
    }

    private static Job ClosedForms(Random random)
    {
        LayerPeeledModel model = Model(random, 12);
        Matrix<double> targets = Matrix<double>.Build.Dense(40, 3, (_, _) => random.NextDouble());
        return new Job("closed forms", () =>
        {
            var seli = SeliGeometry.Of(model);
            var frame = RectifiedFrame.Of(model);
            var regression = RegressionCollapse.Of(targets, new Penalties(0.01, 0.001));
            return new Digest().Add(seli.Margin, seli.Certify().RelativeGap, frame.Objective, frame.LowerBound, regression.Objective).Add(seli.Classifier).Value;
        });
    }

    private static Job Sweep(Random random)
    {
        double[] ratios = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(10, 0.1 * i) + random.NextDouble())];
        ParameterSweep sweep = ParameterSweep.AlongRatio(random.Next(2, 6), random.Next(2, 6), 1, 5, ratios);
        return new Job("sweep", () => new Digest().Add([.. sweep.Run(new SweepOptions { MaxDegreeOfParallelism = 2 }).Points.SelectMany(point => new[] { point.Objective, point.Classifier.MinorityCosine })]).Value);
    }

    private static Job Analyses(Random random)
    {
        double[] counts = [.. Enumerable.Range(0, 6).Select(_ => Math.Ceiling(Logarithmic(random, 1, 1000)))];
        var analysis = new MitigationAnalysis(counts, 1, 5);
        (int majority, int minority, double product) = (random.Next(2, 9), random.Next(2, 9), Logarithmic(random, 1, 50));
        return new Job("analyses", () =>
        {
            MitigationOutcome outcome = analysis.Apply(ReweightingRule.SquareRootInverse);
            return new Digest().Add(outcome.Solution.Objective, outcome.Solution.CriticalClassSize, MinorityCollapseThreshold.At(majority, minority, product).Ratio).Value;
        });
    }

    // A solution to a file, to the other format, back, and verified.
    private static Job Files(Random random)
    {
        LayerPeeledModel model = Model(random, 10);
        SolutionFormat format = random.Next(2) == 0 ? SolutionFormat.Json : SolutionFormat.Npz;
        return new Job("files", () =>
        {
            LayerPeeledSolution solution = LayerPeeledSolver.Solve(model);
            using MemoryStream file = new(), other = new();
            SolutionFile.Write(file, format, solution, new SolutionJsonOptions { IncludeMatrices = true });
            file.Position = 0;
            SolutionFile.Convert(file, other, format == SolutionFormat.Json ? SolutionFormat.Npz : SolutionFormat.Json);
            other.Position = 0;
            SolutionVerification verification = SolutionVerifier.Verify(SolutionFile.Read(other));
            Require(verification.Holds && verification.Certified, "verification", verification.Certificate.RelativeGap);
            return new Digest().Add(solution.Objective, verification.Certificate.RelativeGap).Add(verification.Saved.Classifier!).Value;
        });
    }

    private static ulong Of(LayerPeeledSolution solution)
    {
        Require(solution.Certificate.AbsoluteGap >= 0 && double.IsFinite(solution.Objective), solution.Method, solution.Certificate.AbsoluteGap);
        return new Digest().Add(solution.Objective, solution.Certificate.LowerBound, solution.Multiplier, solution.Iterations).Add(solution.Classifier).Add(solution.ClassMeans).Value;
    }

    private static LayerPeeledModel Model(Random random, int largest, Regulariser? regulariser = null, ILoss? loss = null) =>
        LayerPeeledModel.FromClassGroups(Groups(random, largest), regulariser ?? new Budgets(Logarithmic(random, 0.3, 3), Logarithmic(random, 1, 10)), loss: loss);

    private static List<ClassGroup> Groups(Random random, int largest)
    {
        int classes = random.Next(3, largest + 1);
        var groups = new List<ClassGroup>();
        for (int left = classes; left > 0; left -= groups[^1].Classes)
        {
            groups.Add(new ClassGroup(random.Next(1, Math.Min(left, 4) + 1), Logarithmic(random, 5, 1000)));
        }

        return groups;
    }

    private static double Logarithmic(Random random, double from, double to) => from * Math.Pow(to / from, random.NextDouble());

    private static void Require(bool holds, string kind, double value)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{kind}: {value} cannot be.");
        }
    }
}
