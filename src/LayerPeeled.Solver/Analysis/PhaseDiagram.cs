namespace LayerPeeled.Solver.Analysis;

/// <summary>The average cosine between minority classifiers over a grid of imbalance ratios and budget products, with the exact threshold of each budget.</summary>
public sealed class PhaseDiagram
{
    private readonly SweepResult result;

    private PhaseDiagram(double[] ratios, double[] budgetProducts, MinorityCollapseThreshold[] thresholds, SweepResult result)
    {
        Ratios = ratios;
        BudgetProducts = budgetProducts;
        Thresholds = thresholds;
        this.result = result;
    }

    /// <summary>R along one axis.</summary>
    public IReadOnlyList<double> Ratios { get; }

    /// <summary>E_W·E_H along the other.</summary>
    public IReadOnlyList<double> BudgetProducts { get; }

    /// <summary>The threshold of each budget product: the line between the two phases.</summary>
    public IReadOnlyList<MinorityCollapseThreshold> Thresholds { get; }

    /// <summary>How many points are done, of how many.</summary>
    public SweepProgress Progress => result.Progress;

    /// <summary>Whether every point is done.</summary>
    public bool IsComplete => result.IsComplete;

    /// <summary>The point of a budget product and a ratio, solved with E_W = 1; null where it was not reached.</summary>
    /// <param name="budget">Index into <see cref="BudgetProducts"/>.</param>
    /// <param name="ratio">Index into <see cref="Ratios"/>.</param>
    public StepImbalancePoint? this[int budget, int ratio] => result.Lines[budget][ratio];

    /// <summary>
    /// The average cosine between minority classifiers: 1 from the threshold on; NaN where the point was not reached and where the
    /// classifiers vanish (always beyond the threshold).
    /// </summary>
    /// <param name="budget">Index into <see cref="BudgetProducts"/>.</param>
    /// <param name="ratio">Index into <see cref="Ratios"/>.</param>
    public double MinorityCosine(int budget, int ratio) => this[budget, ratio]?.Classifier.MinorityCosine ?? double.NaN;

    /// <summary>Computes a diagram; chunks of each row run in parallel.</summary>
    /// <param name="majorityClasses">K_A, at least 1.</param>
    /// <param name="minorityClasses">K_B, at least 2.</param>
    /// <param name="ratios">R, each at least 1, best in ascending order.</param>
    /// <param name="budgetProducts">E_W·E_H, positive and finite; one row each.</param>
    /// <param name="options">How the sweep is run, or the default options.</param>
    /// <param name="cancellationToken">Stops it; the completed chunks are returned.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static PhaseDiagram Compute(
        int majorityClasses, int minorityClasses, IEnumerable<double> ratios, IEnumerable<double> budgetProducts,
        SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentNullException.ThrowIfNull(budgetProducts);
        double[] r = ratios.ToArray(), e = budgetProducts.ToArray();
        MinorityCollapseThreshold[] thresholds = e.Select(budget => MinorityCollapseThreshold.At(majorityClasses, minorityClasses, budget)).ToArray();
        var sweep = new ParameterSweep(e.Select(budget => r.Select(ratio => new StepImbalance(majorityClasses, minorityClasses, ratio, 1, budget))));
        return new PhaseDiagram(r, e, thresholds, sweep.Run(options, cancellationToken));
    }
}
