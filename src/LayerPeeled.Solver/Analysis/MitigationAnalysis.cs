using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// What re-weighting the losses (or oversampling) does against minority collapse for given class counts and budgets, and the weakest re-weighting
/// that avoids it. Cross-entropy.
/// </summary>
public sealed class MitigationAnalysis
{
    // How exact λ is next to a threshold: only what is clear of it by more counts as apart.
    private const double Clear = 1e-6;
    private readonly double[] counts;
    private readonly LayerPeeledModel model;
    private readonly AutomaticSolver solver;

    /// <summary>An analysis of given class counts.</summary>
    /// <param name="counts">Examples n_k of each class: finite, not negative, not all zero.</param>
    /// <param name="classifierBudget">E_W, positive and finite.</param>
    /// <param name="featureBudget">E_H, positive and finite.</param>
    /// <param name="minorityClasses">
    /// How many classes to watch as the minority, at least 2: the smallest ones, whole groups of equal counts, until there are so many.
    /// </param>
    /// <param name="options">Options of each solve, or the default ones.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public MitigationAnalysis(
        IEnumerable<double> counts, double classifierBudget, double featureBudget, int minorityClasses = 2, AutomaticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(minorityClasses, 2);
        this.counts = counts.ToArray();
        model = LayerPeeledModel.FromClassCounts(this.counts, classifierBudget, featureBudget);
        solver = new AutomaticSolver(options);
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
        MitigationOutcome weak = Apply(ReweightingRule.Power(0), progress, cancellationToken);
        MitigationOutcome strong = Apply(ReweightingRule.InverseFrequency, progress, cancellationToken);
        int solves = 2;
        bool isEnough = search.Begin(Excess(weak), Excess(strong));
        while (!isEnough && search.Next() is { } exponent && !cancellationToken.IsCancellationRequested)
        {
            // Start from the side that stands apart: a collapsed point cannot be left.
            MitigationOutcome outcome = Apply(ReweightingRule.Power(exponent), strong.Solution, progress, cancellationToken);
            solves++;
            if (outcome.Solution.Status == SolverStatus.Cancelled)
            {
                break;
            }

            double excess = Excess(outcome);
            search.Add(exponent, excess);
            (weak, strong) = excess > 0 ? (weak, outcome) : (outcome, strong);
        }

        return new WeakestReweighting
        {
            Exponent = isEnough ? 0 : search.High,
            TooWeakExponent = isEnough ? double.NaN : search.Low,
            IsCertified = (isEnough || (strong.Solution.Status == SolverStatus.Optimal && search.High - search.Low <= tolerance))
                && weak.Solution.Status == SolverStatus.Optimal,
            Solves = solves,
            Outcome = isEnough ? weak : strong,
        };
    }

    // log of smallest effective count over n*: positive when every class with examples is clear of collapse
    private static double Excess(MitigationOutcome outcome) => Math.Log(
        outcome.Solution.Model.Groups.Where(g => g.EffectiveCount > 0).Min(g => g.EffectiveCount) / outcome.Solution.CriticalClassSize) - Clear;

    private MitigationOutcome Apply(
        ReweightingRule rule, LayerPeeledSolution? neighbour, IProgress<IterationReport>? progress, CancellationToken token)
    {
        double[] weights = rule.Weights(counts);
        LayerPeeledModel weighted = LayerPeeledModel.FromClassCounts(counts, model.ClassifierBudget, model.FeatureBudget, weights);
        EffectiveGroups effective = EffectiveGroups.Of(weighted);
        GroupedFactors? start = neighbour is not null && neighbour.Factors.Program.GroupCount == effective.Model.Groups.Count
            && effective.Model.Groups.Zip(neighbour.Model.Groups).All(pair => pair.First.Classes == pair.Second.Classes)
            ? neighbour.Factors : null;
        LayerPeeledSolution solution = solver.Solve(effective.Model, start, progress, token);
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
            LossWeights = weights,
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
        double sum = 0, pairs = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double count = i == j ? groups[i].Classes * (groups[i].Classes - 1) / 2 : groups[i].Classes * groups[j].Classes;
                if (count > 0)
                {
                    sum += count * solution.ClassifierCosines[groups[i].Group, groups[j].Group];
                    pairs += count;
                }
            }
        }

        return pairs > 0 ? sum / pairs : double.NaN;
    }
}
