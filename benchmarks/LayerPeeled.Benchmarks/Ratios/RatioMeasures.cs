using System.Diagnostics;
using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Targets;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>
/// The headline figures. Solves stop at the certificate, whose cost they include; every figure is the median of several runs in one process after a
/// second of warm-up, and the dense ones are in units of a product measured between the runs.
/// </summary>
internal sealed class RatioMeasures(string? countsFile, int? repeats)
{
    private const int QuickRepeats = 25;
    private const int DenseRepeats = 5;
    private const double BatchSeconds = 0.02;

    public IReadOnlyList<RatioMeasure> All =>
    [
        // First, because their peak memory is read off the process.
        new("million_seconds", true, () => Merged("million_seconds", Problems.Million(), 180)),
        new("vocabulary_seconds", true, () => Merged("vocabulary_seconds", Problems.Vocabulary(), 100)),
        new("figure3_ms", false, Figure3),
        new("two_group_us", false, TwoGroup),
        .. Dense("longtail100", Problems.LongTail(100, 500, 100), 1e-10, 9, (600, 400), (900, 500)),
        .. Dense("places", Problems.Places(countsFile), 1e-10, DenseRepeats, (700, 400), (1100, 600)),
        .. Dense("longtail1000", Problems.LongTail(1000, 1280, 256), 1e-9, DenseRepeats, (800, 400), (1200, 600)),
        new("dense1000_gemms", false, () => Dense("dense1000_gemms", Problems.DistinctWeights(1000), Reduced(1e-8), 3, (2000, 600))),
        new("next_words_gemms", false, NextWords),
        new("loose_gap_ratio", false, LooseGap),
        new("proof_share", false, ProofShare),
        new("penalties_ratio", false, Penalties),
        new("pgd_bandwidth_ratio", false, SampleLevelIteration),
    ];

    private RatioRow Figure3()
    {
        LayerPeeledModel[] models = Problems.Figure3Ratios.Select(r => Problems.TwoGroups(r)).ToArray();
        ReducedSolver solver = Reduced(1e-10);
        double gap = 0;
        void Sweep()
        {
            GroupedFactors? start = null;
            foreach (LayerPeeledModel model in models)
            {
                LayerPeeledSolution solution = solver.Solve(model, start?.Program.GroupCount == model.Groups.Count ? start : null).EnsureOptimal();
                start = solution.Factors;
                gap = Math.Max(gap, solution.Certificate.RelativeGap);
            }
        }

        return RatioRow.Of("figure3_ms", "ms", Times(Sweep, QuickRepeats), 1e-3, 10, 3, gap, Provider(2), "41 ratios, K = 10, K_A = 5, each from the one before");
    }

    private RatioRow TwoGroup()
    {
        LayerPeeledModel model = Problems.TwoGroups(10);
        ReducedSolver solver = Reduced(1e-10);
        double gap = solver.Solve(model).EnsureOptimal().Certificate.RelativeGap;
        return RatioRow.Of("two_group_us", "µs", Times(() => solver.Solve(model), QuickRepeats), 1e-6, 200, 40, gap, Provider(2), "5 classes of 100 and 5 of 10");
    }

    // The asked gap alone, and what 'solve' does by default: a gap of 1e-10, norms and cosines to 1e-8.
    private IEnumerable<RatioMeasure> Dense(
        string name, LayerPeeledModel model, double tolerance, int defaultRepeats, (double Must, double Aim) atGap, (double Must, double Aim) byDefault) =>
    [
        new($"{name}_gemms", false, () => Dense($"{name}_gemms", model, Reduced(tolerance), defaultRepeats, atGap)),
        new($"{name}_default_gemms", false, () => Dense($"{name}_default_gemms", model, new AutomaticSolver(), defaultRepeats, byDefault)),
    ];

    private RatioRow Dense(string name, LayerPeeledModel model, ISolver solver, int defaultRepeats, (double Must, double Aim) limits)
    {
        LayerPeeledSolution solution = solver.Solve(model).EnsureOptimal();
        Sample.WarmUp(() => solver.Solve(model));
        var unit = new ProductUnit(model.Groups.Count);
        var seconds = new double[repeats ?? defaultRepeats];
        for (int i = 0; i < seconds.Length; i++)
        {
            unit.Measure();
            seconds[i] = Sample.Seconds(() => solver.Solve(model));
            unit.Measure();
        }

        string note = $"K = {model.ClassCount}, G = {model.Groups.Count}, {solution.Iterations} iterations, {Sample.Median(seconds):G3} s, "
            + $"geometry to {solution.GeometryError:0e-0}; {unit.Description}";
        return RatioRow.Of(
            name, "dgemms", seconds, unit.Seconds, limits.Must, limits.Aim, solution.Certificate.RelativeGap, Provider(model.Groups.Count), note);
    }

    private RatioRow NextWords()
    {
        SoftTargetModel model = Problems.NextWords(1000);
        var solver = new SoftTargetSolver(new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = 1e-6 }));
        var unit = new ProductUnit(model.Targets.Tokens);
        double[] seconds = new double[repeats ?? 3];
        SoftTargetSolution solution = null!;
        for (int i = 0; i < seconds.Length; i++)
        {
            unit.Measure();
            seconds[i] = Sample.Seconds(() => solution = solver.Solve(model).EnsureOptimal());
            unit.Measure();
        }

        string note = $"V = m = {model.Targets.Tokens}, {model.Targets.Distributions.NonZeroCount} nonzero, rank {solution.Rank}, {solution.Iterations} iterations, "
            + $"{Sample.Median(seconds):G3} s, gap of the excess; {unit.Description}";
        return RatioRow.Of("next_words_gemms", "dgemms", seconds, unit.Seconds, 3000, 800, solution.RelativeGap, Provider(model.Targets.Tokens), note);
    }

    private RatioRow LooseGap()
    {
        LayerPeeledModel model = Problems.ManyClasses();
        AutomaticSolver loose = Automatic(1e-6), tight = Automatic(1e-12);
        double gap = loose.Solve(model).EnsureOptimal().Certificate.RelativeGap;
        Sample.WarmUp(() => tight.Solve(model));
        double[] first = new double[repeats ?? DenseRepeats], second = new double[first.Length];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = Sample.Seconds(() => loose.Solve(model));
            second[i] = Sample.Seconds(() => tight.Solve(model));
        }

        string note = $"K = {model.ClassCount}, G = {model.Groups.Count}, as solve does: {Sample.Median(first):G3} s at a gap of 1e-6, {Sample.Median(second):G3} s at 1e-12";
        return RatioRow.Of(
            "loose_gap_ratio", "", first.Zip(second, (a, b) => a / b).ToArray(), 1, 0.4, 0.2, gap, Provider(model.Groups.Count), note);

        static AutomaticSolver Automatic(double tolerance) => new(new AutomaticOptions { RelativeGapTolerance = tolerance });
    }

    // Weight decay, against the same optimum within the budgets that it uses
    private RatioRow Penalties()
    {
        LayerPeeledModel model = Problems.LongTail(300, 500, 100);
        double strength = 0.3 * Math.Sqrt(model.Groups.Max(g => g.Count)) / model.Examples;
        LayerPeeledModel penalised = model.WithRegulariser(new Penalties(strength, strength));
        var solver = new AutomaticSolver();
        LayerPeeledSolution solution = solver.Solve(penalised).EnsureOptimal();
        LayerPeeledModel within = model.WithRegulariser(RegulariserMap.ToBudgets(solution));
        Sample.WarmUp(() => solver.Solve(within));
        double[] first = new double[repeats ?? DenseRepeats], second = new double[first.Length];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = Sample.Seconds(() => solver.Solve(penalised));
            second[i] = Sample.Seconds(() => solver.Solve(within));
        }

        string note = $"K = {model.ClassCount}, G = {model.Groups.Count}, {solution.ClassesBelowCriticalSize} collapsed: {Sample.Median(first):G3} s with penalties, "
            + $"{Sample.Median(second):G3} s within the budgets they use";
        return RatioRow.Of(
            "penalties_ratio", "", first.Zip(second, (a, b) => a / b).ToArray(), 1, 2, 1, solution.Certificate.RelativeGap, Provider(model.Groups.Count), note);
    }

    // What one pair of bounds in exact arithmetic adds to a solve, which needs two or three
    private RatioRow ProofShare()
    {
        LayerPeeledModel model = Problems.LongTail(1000, 1280, 256);
        var solver = new AutomaticSolver();
        LayerPeeledSolution solution = solver.Solve(model).EnsureOptimal();
        DualityCertificate certificate = solution.Certificate;
        Sample.WarmUp(Prove);
        double[] proof = new double[repeats ?? DenseRepeats], solve = new double[proof.Length];
        for (int i = 0; i < proof.Length; i++)
        {
            proof[i] = Sample.Seconds(Prove);
            solve[i] = Sample.Seconds(() => solver.Solve(model));
        }

        string note = $"K = {model.ClassCount}, G = {model.Groups.Count}: {Sample.Median(proof):G3} s of {Sample.Median(solve):G3} s, as solve does by default";
        return RatioRow.Of(
            "proof_share", "", proof.Zip(solve, (a, b) => a / b).ToArray(), 1, 0.1, 0.05, certificate.RelativeGap, Provider(model.Groups.Count), note);

        void Prove()
        {
            _ = PrimalBound.Of(solution.Factors, certificate.LogUnit);
            _ = new DualBound(solution.Factors.Program, certificate.Dual, certificate.LogUnit, certificate.DualNorm, factorise: true).Value([]);
        }
    }

    private RatioRow SampleLevelIteration()
    {
        var measured = Enumerable.Range(0, repeats ?? 3).Select(_ => SampleLevelMeasure.PgdBandwidthRatio(rounds: 3)).ToArray();
        string note = $"50 000 × 512, one iteration {1e3 * Sample.Median(measured.Select(m => m.IterationSeconds).ToArray()):G3} ms, "
            + $"one copy of the features {1e3 * Sample.Median(measured.Select(m => m.CopySeconds).ToArray()):G3} ms";
        return RatioRow.Of("pgd_bandwidth_ratio", "copies", measured.Select(m => m.Ratio).ToArray(), 1, 2, 1.3, null, Provider(0), note);
    }

    private RatioRow Merged(string name, LayerPeeledModel model, double must)
    {
        var solver = new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = 1e-6, GeometryErrorTolerance = 1 });
        LayerPeeledSolution? solution = null;
        var seconds = new double[repeats ?? 1];
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] = Sample.Seconds(() => solution = solver.Solve(model).EnsureOptimal());
        }

        using var process = Process.GetCurrentProcess();
        string note = $"{model.Groups.Count} groups, merged to {solution!.Factors.Program.GroupCount}; peak memory {process.PeakWorkingSet64 / 1e9:G3} GB (at most 4)";
        return RatioRow.Of(name, "s", seconds, 1, must, 30, solution.Certificate.RelativeGap, Provider(solution.Factors.Program.GroupCount), note);
    }

    // Matrices of few groups never leave the managed code, whatever is in use, and neither do the passes over samples.
    private static string Provider(int groups) =>
        groups < NativeBackend.SingularValueThreshold ? "managed" : LinearAlgebraProvider.Name;

    private double[] Times(Action action, int defaultRepeats)
    {
        Sample.WarmUp(action);
        return Enumerable.Range(0, repeats ?? defaultRepeats).Select(_ => Sample.Seconds(action, BatchSeconds)).ToArray();
    }

    private static ReducedSolver Reduced(double tolerance) => new(new LowRankOptions { RelativeGapTolerance = tolerance, GeometryErrorTolerance = 1 });
}
