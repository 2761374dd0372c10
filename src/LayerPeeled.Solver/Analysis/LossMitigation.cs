using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// What other losses do against minority collapse at given class counts and budgets, and how strong they have to be. Equal classes stay apart where κ_k·ω_k > λ: temperatures
/// δ_k = (n_k/n_max)^γ with γ &lt; 0 raise κ of rare classes (γ = −1 makes κ_k·ω_k equal for all), a margin raises κ, smoothed labels lower λ. Adjustments of all logits leave κ as it is,
/// and with it the threshold in λ: within budgets they act through λ alone.
/// </summary>
public sealed class LossMitigation
{
    // Beyond, a margin only shifts all logits.
    private const double LargestMargin = 20;

    // Where label smoothing is so strong that budgets hardly bind, λ vanishes.
    private const double ShareOfFreedom = 0.999;

    // Of classes without siblings κ may be unknown.
    private const double Together = -1e-6;
    private readonly MitigationAnalysis analysis;
    private readonly double[] counts;

    /// <summary>An analysis of given class counts.</summary>
    /// <param name="counts">Examples n_k of each class: finite and positive.</param>
    /// <param name="classifierBudget">E_W, positive and finite.</param>
    /// <param name="featureBudget">E_H, positive and finite.</param>
    /// <param name="minorityClasses">How many classes to watch as the minority, as in <see cref="MitigationAnalysis"/>.</param>
    /// <param name="options">Options of each solve; null: those of <see cref="MitigationAnalysis"/>.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public LossMitigation(IEnumerable<double> counts, double classifierBudget, double featureBudget, int minorityClasses = 2, AutomaticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        this.counts = counts.ToArray();
        analysis = new MitigationAnalysis(this.counts, classifierBudget, featureBudget, minorityClasses, options);
    }

    /// <summary>The families whose strength can be looked for: ldt, cdt, vs (with τ = 1), ldam and smoothing.</summary>
    public static IReadOnlyList<string> Families { get; } = ["ldt", "cdt", "vs", "ldam", "smoothing"];

    /// <summary>The optimum with another loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="progress">Called after each iteration of the solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solve; the outcome is then that of its best point.</param>
    /// <exception cref="ArgumentException">The loss needs examples of every class, or is at its minimum within the budgets.</exception>
    public MitigationOutcome Apply(ILoss loss, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Describe(MitigationAnalysis.Solve(analysis.Comparing, With(loss), null, progress, cancellationToken));
    }

    /// <summary>The weakest parameter of a family at which all groups of equal classes stand apart: γ from 0 down to −1, C or ε from 0 up.</summary>
    /// <param name="family">One of <see cref="Families"/>.</param>
    /// <param name="tolerance">Width of the bracket, relative to the range that is searched; between 1e-9 and 1.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the search; the best value so far is returned.</param>
    /// <exception cref="ArgumentException">The family is unknown, or needs examples of every class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is out of its range.</exception>
    public WeakestLoss FindWeakest(string family, double tolerance = 1e-4, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!(tolerance is >= 1e-9 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be between 1e-9 and 1.");
        }

        (string parameter, double end, Func<double, ILoss> create) = Family(family);
        int solves = 0;
        LayerPeeledSolution weak = Solve(analysis.Deciding, 0), strong = Solve(analysis.Deciding, 1);
        if (Excess(weak) > 0 || !(Excess(strong) > 0) || cancellationToken.IsCancellationRequested)
        {
            bool separates = Excess(weak) > 0;
            LayerPeeledSolution found = separates ? weak : strong;
            return Found(separates ? 0 : 1, separates ? double.NaN : 1, found, separates, found.Status == SolverStatus.Optimal);
        }

        var search = new ExponentSearch(tolerance);
        search.Begin(Excess(weak), Excess(strong));
        while (search.Next() is { } strength && !cancellationToken.IsCancellationRequested)
        {
            bool isRough = search.IsRough;
            LayerPeeledSolution solution = Solve(analysis.MethodFor(search), strength);
            double value = Excess(solution);
            if (solution.Status == SolverStatus.Cancelled)
            {
                break;
            }

            if (!isRough)
            {
                (weak, strong) = value > 0 ? (weak, solution) : (solution, strong);
            }

            search.Add(strength, value);
        }

        bool closed = search.High - search.Low <= tolerance && weak.Status == SolverStatus.Optimal && strong.Status == SolverStatus.Optimal;
        return Found(search.High, search.Low, strong, true, closed);

        LayerPeeledSolution Solve(AutomaticSolver method, double strength)
        {
            solves++;
            return MitigationAnalysis.Solve(method, With(create(end * strength)), null, progress, cancellationToken);
        }

        WeakestLoss Found(double strength, double tooWeak, LayerPeeledSolution solution, bool separates, bool certified) => new()
        {
            Family = family,
            Parameter = parameter,
            Value = strength == 0 ? 0 : end * strength,
            TooWeakValue = tooWeak == 0 ? 0 : end * tooWeak,
            Separates = separates,
            IsCertified = certified,
            Solves = solves,
            Outcome = Describe(solution),
        };
    }

    // A group on its own may have no κ: it neither collapses nor does it stand apart.
    private static double Excess(LayerPeeledSolution solution) => MitigationAnalysis.Excess(solution) is var excess && double.IsNaN(excess) ? Together : excess;

    private (string Parameter, double End, Func<double, ILoss> Create) Family(string name) => name switch
    {
        "ldt" => ("gamma", -1, gamma => LogitAdjustedLoss.LabelDependentTemperature(gamma)),
        "cdt" => ("gamma", -1, LogitAdjustedLoss.ClassDependentTemperature),
        "vs" => ("gamma", -1, gamma => LogitAdjustedLoss.VectorScaling(gamma, 1)),
        "ldam" => ("c", Math.Min(100, LargestMargin * Math.Pow(counts.Where(n => n > 0).Min(), 0.25)), LogitAdjustedLoss.DistributionAwareMargin),
        "smoothing" => ("epsilon", LargestSmoothing(), epsilon => new LabelSmoothingLoss(epsilon)),
        _ => throw new ArgumentException($"'{name}' is not a family of losses with a strength: one of {string.Join(", ", Families)} is expected.", nameof(name)),
    };

    // Where log(1 + K(1 − ε)/ε) times the norm of the centred identity is r the budgets no longer bind.
    private double LargestSmoothing()
    {
        LayerPeeledModel model = analysis.Model;
        double classes = model.ClassCount, power = Math.Exp(model.Radius / MinimiserNorm.Of(model, 1));
        return Math.Min(0.99, ShareOfFreedom * classes / (classes + power - 1));
    }

    private LayerPeeledModel With(ILoss loss) => LayerPeeledModel.FromClassCounts(counts, analysis.Model.ClassifierBudget, analysis.Model.FeatureBudget, loss: loss);

    private MitigationOutcome Describe(LayerPeeledSolution solution) => analysis.Describe(ReweightingRule.None, solution);
}
