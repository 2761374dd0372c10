using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Model;

/// <summary>
/// The Layer-Peeled Model (Fang, He, Long, Su, PNAS 2021): minimise Σ_k ω_k·L(W·h_k, k) over classifiers W (K×p) and class-mean features
/// H̄ (p×K) under (1/K)‖W‖_F² ≤ E_W and (1/K)‖H̄‖_F² ≤ E_H. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The loss weights are ω_k = n_k·w_k / Σ_j n_j·w_j with n_k examples of class k and a weight w_k (1 by default), so Σ_k ω_k = 1.
/// Replacing the features of a class by their mean never increases the objective, so this program has the optimum of the
/// sample-level one, in which every example has a feature vector of its own.
/// </remarks>
public sealed class LayerPeeledModel
{
    private readonly int[] groupOfClass;
    private readonly ClassGroup[] groups;

    private LayerPeeledModel(ClassGroup[] groups, int[] groupOfClass, Regulariser regulariser, int? featureDimension, ILoss? loss)
    {
        ArgumentNullException.ThrowIfNull(regulariser);
        regulariser.Validate();
        if (groupOfClass.Length < 2)
        {
            throw new ArgumentException($"The model needs at least 2 classes, got {groupOfClass.Length}.", nameof(groups));
        }

        if (featureDimension < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(featureDimension), featureDimension, "The feature dimension must be at least 1.");
        }

        this.groups = groups;
        this.groupOfClass = groupOfClass;
        Regulariser = regulariser;
        Loss = loss ?? CrossEntropyLoss.Instance;
        bool boundsLogits = !Loss.IsShiftInvariant && double.IsFinite(Loss.LargestLogit(1));
        if (regulariser is Penalties { Bias: 0 } && !boundsLogits && Array.Find(groups, g => !(g.EffectiveCount > 0)) is { Classes: > 0 } empty)
        {
            throw new ArgumentException(
                $"A free bias needs examples of every class: that of a class with count {empty.Count} and weight {empty.LossWeight} would fall without limit. "
                + "Give the bias a penalty, or leave the class out.", nameof(groups));
        }

        FeatureDimension = featureDimension ?? groupOfClass.Length;
        EffectiveTotal = groups.Sum(g => g.Classes * g.EffectiveCount);
        Examples = groups.Sum(g => g.Classes * g.Count);
        RequireExamplesOfEveryClass();
        RequireOptimumAboveZero();
        if (!(EffectiveTotal > 0) || double.IsInfinity(EffectiveTotal))
        {
            throw new ArgumentException(
                $"The class counts times their loss weights must have a positive finite sum, got {EffectiveTotal}.", nameof(groups));
        }

        if (regulariser is Penalties)
        {
            ModelValidation.FeaturesPerSample(groups, regulariser.FeatureNorm);
        }
    }

    /// <summary>Number of classes K.</summary>
    public int ClassCount => groupOfClass.Length;

    /// <summary>Feature dimension p, K by default. K − 1 is always enough for the global optimum.</summary>
    public int FeatureDimension { get; }

    /// <summary>What bounds classifiers and features: two budgets in the Layer-Peeled Model itself, penalties in the unconstrained-features model.</summary>
    public Regulariser Regulariser { get; }

    /// <summary>E_W, the bound on (1/K)·Σ_k ‖w_k‖².</summary>
    /// <exception cref="InvalidOperationException">The model has penalties.</exception>
    public double ClassifierBudget => OwnBudgets.Classifier;

    /// <summary>E_H, the bound on (1/K)·Σ_k ‖h_k‖².</summary>
    /// <exception cref="InvalidOperationException">The model has penalties.</exception>
    public double FeatureBudget => OwnBudgets.Feature;

    /// <summary>The loss, cross-entropy by default.</summary>
    public ILoss Loss { get; }

    /// <summary>The groups of classes with equal count and weight.</summary>
    public IReadOnlyList<ClassGroup> Groups => groups;

    /// <summary>Σ_k n_k·w_k: the number of examples N when every weight is 1.</summary>
    public double EffectiveTotal { get; }

    /// <summary>N = Σ_k n_k, the number of examples.</summary>
    public double Examples { get; }

    /// <summary>Radius r = K·√(E_W·E_H) of the nuclear-norm ball in the logits Z = W·H̄.</summary>
    /// <exception cref="InvalidOperationException">The model has penalties.</exception>
    public double Radius => ClassCount * Math.Sqrt(ClassifierBudget) * Math.Sqrt(FeatureBudget);

    /// <summary>Index into <see cref="Groups"/> of each class.</summary>
    public ReadOnlySpan<int> GroupOfClass => groupOfClass;

    /// <summary>ω_g = n_g·w_g / Σ_j n_j·w_j, the loss weight of each single class of group g.</summary>
    /// <param name="group">Index into <see cref="Groups"/>.</param>
    public double WeightOf(int group) => groups[group].EffectiveCount / EffectiveTotal;

    /// <summary>The loss of the examples of a group's classes.</summary>
    /// <param name="group">Index into <see cref="Groups"/>.</param>
    internal ILoss LossOf(int group) => !Loss.DependsOnClass ? Loss
        : Loss.OfClass(Array.ConvertAll(groups, g => (double)g.Classes), Array.ConvertAll(groups, g => g.Count), group);

    /// <summary>
    /// A model from one count per class. Classes with equal count and weight form a group; groups are ordered by decreasing count, then
    /// decreasing weight. Classes keep their positions.
    /// </summary>
    /// <param name="counts">Examples n_k of each class: finite, not negative, not all zero.</param>
    /// <param name="classifierBudget">E_W, between 1e-150 and 1e150.</param>
    /// <param name="featureBudget">E_H, between 1e-150 and 1e150.</param>
    /// <param name="lossWeights">Optional weight w_k of the loss of each class, finite and not negative.</param>
    /// <param name="featureDimension">p, at least 1; K when null.</param>
    /// <param name="loss">The loss; cross-entropy when null.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static LayerPeeledModel FromClassCounts(
        IEnumerable<double> counts, double classifierBudget, double featureBudget,
        IEnumerable<double>? lossWeights = null, int? featureDimension = null, ILoss? loss = null) =>
        FromClassCounts(counts, new Budgets(classifierBudget, featureBudget), lossWeights, featureDimension, loss);

    /// <summary>The same with any regulariser.</summary>
    /// <param name="counts">Examples n_k of each class: finite, not negative, not all zero.</param>
    /// <param name="regulariser">Budgets or penalties.</param>
    /// <param name="lossWeights">Optional weight w_k of the loss of each class, finite and not negative.</param>
    /// <param name="featureDimension">p, at least 1; K when null.</param>
    /// <param name="loss">The loss; cross-entropy when null.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static LayerPeeledModel FromClassCounts(
        IEnumerable<double> counts, Regulariser regulariser, IEnumerable<double>? lossWeights = null, int? featureDimension = null, ILoss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        double[] n = counts.ToArray();
        double[]? w = lossWeights?.ToArray();
        if (w is not null && w.Length != n.Length)
        {
            throw new ArgumentException($"There must be one loss weight for each of the {n.Length} class counts, got {w.Length}.", nameof(lossWeights));
        }

        for (int k = 0; k < n.Length; k++)
        {
            ModelValidation.NonNegative(n[k], nameof(counts), "count of class", k);
            if (w is not null)
            {
                ModelValidation.NonNegative(w[k], nameof(lossWeights), "loss weight of class", k);
            }
        }

        var sizes = new Dictionary<(double Count, double Weight), int>();
        for (int k = 0; k < n.Length; k++)
        {
            (double, double) key = (n[k], w?[k] ?? 1);
            sizes[key] = sizes.GetValueOrDefault(key) + 1;
        }

        ClassGroup[] groups = sizes.Select(s => new ClassGroup(s.Value, s.Key.Count, s.Key.Weight))
            .OrderByDescending(g => g.Count).ThenByDescending(g => g.LossWeight).ToArray();
        var index = new Dictionary<(double, double), int>();
        for (int g = 0; g < groups.Length; g++)
        {
            index[(groups[g].Count, groups[g].LossWeight)] = g;
        }

        var groupOfClass = new int[n.Length];
        for (int k = 0; k < n.Length; k++)
        {
            groupOfClass[k] = index[(n[k], w?[k] ?? 1)];
        }

        return new LayerPeeledModel(groups, groupOfClass, regulariser, featureDimension, loss);
    }

    /// <summary>
    /// A model from groups of equal classes, in the order given; groups with the same count and weight are merged into the first of them.
    /// The classes are numbered group after group.
    /// </summary>
    /// <param name="groups">The groups: at least one class each, counts and weights finite and not negative.</param>
    /// <param name="classifierBudget">E_W, between 1e-150 and 1e150.</param>
    /// <param name="featureBudget">E_H, between 1e-150 and 1e150.</param>
    /// <param name="featureDimension">p, at least 1; K when null.</param>
    /// <param name="loss">The loss; cross-entropy when null.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static LayerPeeledModel FromClassGroups(
        IEnumerable<ClassGroup> groups, double classifierBudget, double featureBudget, int? featureDimension = null, ILoss? loss = null) =>
        FromClassGroups(groups, new Budgets(classifierBudget, featureBudget), featureDimension, loss);

    /// <summary>The same with any regulariser.</summary>
    /// <param name="groups">The groups: at least one class each, counts and weights finite and not negative.</param>
    /// <param name="regulariser">Budgets or penalties.</param>
    /// <param name="featureDimension">p, at least 1; K when null.</param>
    /// <param name="loss">The loss; cross-entropy when null.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; the message names it, its value and what is allowed.</exception>
    public static LayerPeeledModel FromClassGroups(
        IEnumerable<ClassGroup> groups, Regulariser regulariser, int? featureDimension = null, ILoss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var merged = new List<ClassGroup>();
        var index = new Dictionary<(double, double), int>();
        var runs = new List<(int Group, int Classes)>();
        long total = 0;
        foreach (ClassGroup group in groups)
        {
            if (group.Classes < 1)
            {
                throw new ArgumentException($"Group {runs.Count} has {group.Classes} classes; at least 1 is needed.", nameof(groups));
            }

            ModelValidation.NonNegative(group.Count, nameof(groups), "count of group", runs.Count);
            ModelValidation.NonNegative(group.LossWeight, nameof(groups), "loss weight of group", runs.Count);
            if ((total += group.Classes) > Array.MaxLength)
            {
                throw new ArgumentException($"The groups have more than {Array.MaxLength} classes together.", nameof(groups));
            }

            if (index.TryGetValue((group.Count, group.LossWeight), out int g))
            {
                merged[g] = merged[g] with { Classes = merged[g].Classes + group.Classes };
            }
            else
            {
                g = merged.Count;
                index.Add((group.Count, group.LossWeight), g);
                merged.Add(group);
            }

            runs.Add((g, group.Classes));
        }

        var groupOfClass = new int[total];
        int start = 0;
        foreach ((int g, int classes) in runs)
        {
            groupOfClass.AsSpan(start, classes).Fill(g);
            start += classes;
        }

        return new LayerPeeledModel(merged.ToArray(), groupOfClass, regulariser, featureDimension, loss);
    }

    /// <summary>
    /// A model whose columns are no classes: each has a loss of its own, so that none are alike and every one stands for itself, in the order given.
    /// </summary>
    /// <param name="columns">A group of one for each column.</param>
    /// <param name="budgets">Two budgets, each off by <see cref="BudgetRoundings"/> roundings at most.</param>
    /// <param name="featureDimension">p.</param>
    /// <param name="loss">A loss that depends on the column.</param>
    internal static LayerPeeledModel OfColumns(ClassGroup[] columns, Budgets budgets, int featureDimension, ILoss loss) =>
        new(columns, [.. Enumerable.Range(0, columns.Length)], budgets, featureDimension, loss) { BudgetRoundings = 4 };

    /// <summary>Roundings between a budget and what it stands for.</summary>
    internal int BudgetRoundings { get; private init; }

    /// <summary>The same classes, loss and feature dimension with another regulariser.</summary>
    /// <param name="regulariser">Budgets or penalties.</param>
    /// <exception cref="ArgumentException">The regulariser is out of range, or does not fit the classes.</exception>
    public LayerPeeledModel WithRegulariser(Regulariser regulariser) => new(groups, groupOfClass, regulariser, FeatureDimension, Loss);

    // The loss says what it needs of classes without examples.
    private void RequireExamplesOfEveryClass()
    {
        int empty = Array.FindIndex(groups, g => g.Count == 0);
        if (empty >= 0)
        {
            _ = LossOf(empty);
        }
    }

    private void RequireOptimumAboveZero()
    {
        double own = Loss.LeastAt(ClassCount);
        if (Regulariser is Budgets budgets && double.IsFinite(own) && MinimiserNorm.Of(this, own) is var norm && Radius >= norm)
        {
            double largest = norm / ClassCount;
            string minimum = Loss.VanishesAtTarget ? "can be 0" : "can be as small as without budgets";
            throw new ArgumentException(
                $"Within E_W = {budgets.Classifier} and E_H = {budgets.Feature} the loss '{Loss.Name}' {minimum}, and there is nothing to solve: E_W·E_H must be below {largest * largest}.",
                "regulariser");
        }
    }

    private Budgets OwnBudgets => Regulariser as Budgets ?? throw new InvalidOperationException("The model has penalties, not budgets.");
}
