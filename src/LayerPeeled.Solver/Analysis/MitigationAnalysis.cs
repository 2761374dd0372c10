using System.Collections.Concurrent;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// What re-weighting the losses (or oversampling) does against minority collapse for given class counts and budgets, and the weakest re-weighting
/// that avoids it. Cross-entropy.
/// </summary>
public sealed class MitigationAnalysis
{
    // How exact λ is next to a threshold: only what is clear of it by more counts as apart.
    private const double Clear = 1e-6;
    private const double MultiplierError = Clear / 2;

    // While the exponent is being looked for: λ is known to about the root of the gap.
    private const double FirstGap = 1e-5;
    private const double RoughShare = 0.1;

    // Of norms and cosines, for comparing rules; whether classes collapse is decided by λ.
    private const double DefaultGeometryError = 1e-3;
    private readonly double[] counts;
    private readonly LayerPeeledModel model;
    private readonly AutomaticOptions options;
    private readonly AutomaticSolver solver;

    // Outcomes at exponents 0 and 1/2 that were asked for already: the search need not begin from nothing.
    private readonly ConcurrentDictionary<ReweightingRule, MitigationOutcome> known = [];

    /// <summary>An analysis of given class counts.</summary>
    /// <param name="counts">Examples n_k of each class: finite, not negative, not all zero.</param>
    /// <param name="classifierBudget">E_W, positive and finite.</param>
    /// <param name="featureBudget">E_H, positive and finite.</param>
    /// <param name="minorityClasses">
    /// How many classes to watch as the minority, at least 2: the smallest ones, whole groups of equal counts, until there are so many.
    /// </param>
    /// <param name="options">
    /// Options of each solve; null: those of <see cref="AutomaticSolver"/>, with norms and cosines to an estimated 1e-3.
    /// </param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public MitigationAnalysis(
        IEnumerable<double> counts, double classifierBudget, double featureBudget, int minorityClasses = 2, AutomaticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(minorityClasses, 2);
        this.counts = counts.ToArray();
        model = LayerPeeledModel.FromClassCounts(this.counts, classifierBudget, featureBudget);
        this.options = options ?? new AutomaticOptions { GeometryErrorTolerance = DefaultGeometryError };
        solver = new AutomaticSolver(this.options);
        Deciding = new AutomaticSolver(this.options with { GeometryErrorTolerance = 1, MultiplierErrorTolerance = MultiplierError });
        int[] ascending = Enumerable.Range(0, this.counts.Length).OrderBy(k => this.counts[k]).ToArray();
        double largest = this.counts[ascending[Math.Min(minorityClasses, ascending.Length) - 1]];
        MinorityClasses = Enumerable.Range(0, this.counts.Length).Where(k => this.counts[k] <= largest).ToArray();
    }

    /// <summary>The classes with the fewest examples, whole groups of equal counts, by index: those of <see cref="MitigationOutcome.MinorityCosine"/>.</summary>
    public IReadOnlyList<int> MinorityClasses { get; }

    /// <summary>
    /// For two different counts the rate w_r = R/R_0 of the smaller one that just escapes from collapse, exactly: any larger rate avoids it.
    /// Null for other class counts, or a single smallest class.
    /// </summary>
    public double? EscapingOversamplingRate => model.Groups.Count == 2 && model.Groups[1].Classes > 1
        ? MinorityCollapseThreshold.Of(model).EscapingOversamplingRate(MinorityCollapseThreshold.EffectiveRatio(model))
        : null;

    /// <summary>The class counts as groups.</summary>
    internal LayerPeeledModel Model => model;

    /// <summary>For comparing rules.</summary>
    internal AutomaticSolver Comparing => solver;

    /// <summary>Finds λ as closely as a verdict next to a threshold needs it.</summary>
    internal AutomaticSolver Deciding { get; }

    /// <summary>The outcome of each rule, in order.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the analysis; the outcomes of the rules that were finished are returned.</param>
    /// <exception cref="ArgumentException">A rule does not fit the classes.</exception>
    public IReadOnlyList<MitigationOutcome> Compare(
        IEnumerable<ReweightingRule> rules, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var outcomes = new List<MitigationOutcome>();
        foreach (ReweightingRule rule in rules)
        {
            MitigationOutcome outcome = Apply(rule, progress, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            outcomes.Add(outcome);
        }

        return outcomes;
    }

    /// <summary>The outcome of one rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="progress">Called after each iteration of the solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solve; the outcome is then that of its best point.</param>
    /// <exception cref="ArgumentException">The rule does not fit the classes.</exception>
    public MitigationOutcome Apply(ReweightingRule rule, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Apply(rule, null, progress, cancellationToken);
    }

    /// <summary>
    /// The smallest τ in [0, 1] for which w_k ∝ n_k^{−τ} leaves no class with examples at or below the critical size. It exists: τ = 1 balances the
    /// classes, and balanced classes never collapse.
    /// </summary>
    /// <param name="tolerance">Width of the bracket around τ, between 1e-9 and 1; λ itself is known to about 1e-6.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the search; the best exponent so far is returned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is out of its range.</exception>
    public WeakestReweighting FindWeakestPower(
        double tolerance = 1e-5, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!(tolerance is >= 1e-9 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be between 1e-9 and 1.");
        }

        var search = new ExponentSearch(tolerance);
        var separating = new List<(double Exponent, LayerPeeledSolution Solution)>();
        MitigationOutcome balanced = Apply(ReweightingRule.InverseFrequency, progress, cancellationToken);
        LayerPeeledSolution weak = known.TryGetValue(ReweightingRule.None, out MitigationOutcome? none)
            ? none.Solution : Solve(Rough(FirstGap), Weighted(ReweightingRule.Power(0)), null, progress, cancellationToken);
        int solves = 2;
        if (!IsSurelyTooWeak(weak) && weak.Status != SolverStatus.Cancelled)
        {
            MitigationOutcome unweighted = Apply(ReweightingRule.Power(0), weak.Factors, progress, cancellationToken);
            weak = unweighted.Solution;
            solves++;
            if (Excess(weak) > 0)
            {
                return Found(0, double.NaN, weak.Status == SolverStatus.Optimal, unweighted);
            }
        }

        search.Begin(Math.Min(Excess(weak), -Clear), Excess(balanced.Solution));
        if (known.TryGetValue(ReweightingRule.SquareRootInverse, out MitigationOutcome? half) && Excess(half.Solution) is var excess)
        {
            search.Know(0.5, excess);
            weak = excess > 0 ? weak : half.Solution;
        }

        LayerPeeledSolution strong = search.High < 1 ? half!.Solution : balanced.Solution;
        while (search.Next() is { } exponent && !cancellationToken.IsCancellationRequested)
        {
            ReweightingRule rule = ReweightingRule.Power(exponent);
            AutomaticSolver method = MethodFor(search);
            LayerPeeledSolution solution = Solve(method, Weighted(rule), Nearest(separating, exponent), progress, cancellationToken);
            solves++;
            double value = Excess(solution);
            if (solution.Status == SolverStatus.Cancelled)
            {
                break;
            }

            if (value > 0)
            {
                separating.Add((exponent, solution));
            }

            if (!search.IsRough)
            {
                (weak, strong) = value > 0 ? (weak, solution) : (solution, strong);
            }

            search.Add(exponent, value);
        }

        MitigationOutcome outcome = ReferenceEquals(strong, balanced.Solution) ? balanced : Describe(ReweightingRule.Power(search.High), strong);
        bool isClosed = strong.Status == SolverStatus.Optimal && search.High - search.Low <= tolerance;
        return Found(search.High, search.Low, isClosed && weak.Status == SolverStatus.Optimal, outcome);

        WeakestReweighting Found(double exponent, double tooWeak, bool isCertified, MitigationOutcome found) => new()
        {
            Exponent = exponent,
            TooWeakExponent = tooWeak,
            IsCertified = isCertified,
            Solves = solves,
            Outcome = found,
        };
    }

    /// <summary>log of the smallest size κ·n·w over n*: positive when every class with examples is clear of collapse.</summary>
    internal static double Excess(LayerPeeledSolution solution) => Math.Log(SmallestRatio(solution)) - Clear;

    private static double SmallestRatio(LayerPeeledSolution solution) =>
        solution.CollapseRatios.Where((ratio, g) => solution.Model.Groups[g].EffectiveCount > 0 && !double.IsNaN(ratio)).DefaultIfEmpty(double.NaN).Min();

    private static double SmallestCount(LayerPeeledSolution solution) =>
        solution.Model.Groups.Where(g => g.EffectiveCount > 0).Min(g => g.EffectiveCount);

    // Whatever λ is within what the gap leaves open.
    private static bool IsSurelyTooWeak(LayerPeeledSolution solution) =>
        SmallestCount(solution) <= MultiplierBounds.Of(solution.Factors, solution.Certificate.LowerBound).Least * solution.Model.EffectiveTotal;

    // A point where all classes stand apart: from a collapsed one the way is long.
    private static GroupedFactors? Nearest(List<(double Exponent, LayerPeeledSolution Solution)> separating, double exponent) =>
        separating.Count == 0 ? null : separating.MinBy(item => Math.Abs(item.Exponent - exponent)).Solution.Factors;

    /// <summary>What the next value of a search is found with.</summary>
    internal AutomaticSolver MethodFor(ExponentSearch search) =>
        search.IsRough ? Rough(Math.Min(FirstGap, Math.Pow(RoughShare * search.ExpectedSize, 2))) : Deciding;

    // To a gap, or to the one of the options where that is larger; norms and angles as they come.
    private AutomaticSolver Rough(double gap) =>
        new(options with { RelativeGapTolerance = Math.Max(gap, options.RelativeGapTolerance), GeometryErrorTolerance = 1 });

    internal static LayerPeeledSolution Solve(
        AutomaticSolver solver, LayerPeeledModel weighted, GroupedFactors? neighbour, IProgress<IterationReport>? progress, CancellationToken token)
    {
        LayerPeeledModel effective = EffectiveGroups.Of(weighted).Model;
        GroupedFactors? start = neighbour is not null && neighbour.Program.GroupCount == effective.Groups.Count
            && effective.Groups.Zip(neighbour.Program.Model.Groups).All(pair => pair.First.Classes == pair.Second.Classes)
            ? neighbour : null;
        return solver.Solve(effective, start, progress, token);
    }

    private LayerPeeledModel Weighted(ReweightingRule rule) =>
        LayerPeeledModel.FromClassCounts(counts, model.ClassifierBudget, model.FeatureBudget, rule.Weights(counts));

    private MitigationOutcome Apply(
        ReweightingRule rule, GroupedFactors? neighbour, IProgress<IterationReport>? progress, CancellationToken token)
    {
        MitigationOutcome outcome = Describe(rule, Solve(solver, Weighted(rule), neighbour, progress, token));
        if (outcome.Solution.Status == SolverStatus.Optimal && (rule == ReweightingRule.None || rule == ReweightingRule.SquareRootInverse))
        {
            known.TryAdd(rule, outcome);
        }

        return outcome;
    }

    internal MitigationOutcome Describe(ReweightingRule rule, LayerPeeledSolution solution)
    {
        LayerPeeledModel weighted = Weighted(rule);
        EffectiveGroups effective = EffectiveGroups.Of(weighted);
        var groupOfClass = new int[counts.Length];
        for (int k = 0; k < groupOfClass.Length; k++)
        {
            groupOfClass[k] = effective.GroupOf[weighted.GroupOfClass[k]];
        }

        var margins = new ClassMargins(solution);
        int[] collapsed = Enumerable.Range(0, counts.Length).Where(k => solution.Groups[groupOfClass[k]].Collapsed).ToArray();
        return new MitigationOutcome
        {
            Rule = rule,
            LossWeights = rule.Weights(counts),
            Solution = solution,
            MinorityCosine = AverageCosine(solution, MinorityClasses, groupOfClass),
            CollapsedCosine = AverageCosine(solution, collapsed, groupOfClass),
            MinorityNorm2 = MinorityClasses.Average(k => solution.Groups[groupOfClass[k]].ClassifierNorm2),
            SmallestNorm2 = solution.Groups.Min(g => g.ClassifierNorm2),
            LargestNorm2 = solution.Groups.Max(g => g.ClassifierNorm2),
            WorstMargin = margins.Worst,
            WorstClass = Array.IndexOf(groupOfClass, margins.WorstGroup),
            BalancedLoss = margins.BalancedLoss,
        };
    }

    // Over all pairs of distinct classes: Σ_g c_g(c_g − 1)/2·cos_gg + Σ_{g<h} c_g·c_h·cos_gh with c_g of the classes in group g
    private static double AverageCosine(LayerPeeledSolution solution, IReadOnlyList<int> classes, int[] groupOfClass)
    {
        (int Group, double Classes)[] groups = classes.GroupBy(k => groupOfClass[k]).Select(g => (g.Key, (double)g.Count())).ToArray();
        Matrix<double> cosines = solution.ClassifierCosines;
        double sum = 0, pairs = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double count = i == j ? groups[i].Classes * (groups[i].Classes - 1) / 2 : groups[i].Classes * groups[j].Classes;
                if (count > 0)
                {
                    sum += count * cosines[groups[i].Group, groups[j].Group];
                    pairs += count;
                }
            }
        }

        return pairs > 0 ? sum / pairs : double.NaN;
    }
}
