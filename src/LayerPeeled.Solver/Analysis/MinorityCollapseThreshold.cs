using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// The threshold of minority collapse of two groups: K_A classes with R·n examples each and K_B classes with n. Their minority classifiers
/// coincide iff R ≥ R_0, where R_0 depends on K_A, K_B and E_W·E_H only. Exact to roundoff; immutable; costs a few microseconds.
/// </summary>
/// <remarks>
/// R_0 is where ω_B = λ at a_B = 0, equivalently 1/R_0 = 1 − p_own,A + p_sibling,A (the threshold that Fang, He, Long, Su, PNAS 2021, observe;
/// docs/mathematics.md proves that there is one, and the equation). The KKT system at that point has a solution in closed form in one parameter,
/// so that a single monotone scalar equation is left. One majority class is allowed; one minority class has nothing to collapse with. Loss weights
/// act as factors on the counts: with weights w_A and w_B the ratio that counts is R·w_A/w_B. The results assume cross-entropy and p ≥ K − 1.
/// </remarks>
public sealed class MinorityCollapseThreshold
{
    private const double SmallObjective = 1e-100;
    private readonly ThresholdCurve curve;

    private MinorityCollapseThreshold(int majorityClasses, int minorityClasses, double budgetProduct, ThresholdCurve curve)
    {
        this.curve = curve;
        MajorityClasses = majorityClasses;
        MinorityClasses = minorityClasses;
        BudgetProduct = budgetProduct;
        double e = Math.Exp(-curve.A), b = Math.Exp(curve.LogQ - curve.A), gap = Math.Exp(-curve.MinorityGap);
        double others = ((majorityClasses - 1) * e) + (minorityClasses * b), majorityTotal = 1 + others;
        double minorityTotal = minorityClasses + (majorityClasses * gap);
        Majority = new ClassProbabilities(1 / majorityTotal, majorityClasses > 1 ? e / majorityTotal : double.NaN, b / majorityTotal);
        Minority = new ClassProbabilities(1 / minorityTotal, 1 / minorityTotal, gap / minorityTotal);
        double inverse = Math.Exp(-curve.LogRatio);
        CriticalShare = inverse / (majorityClasses + (minorityClasses * inverse));
        // f = K_A·ω_A·log(1 + …) + K_B·ω_B·log(K_B + K_A·e^{−s})
        double majorityShare = 1 / (majorityClasses + (minorityClasses * inverse));
        Objective = (majorityClasses * majorityShare * Elementary.LogOnePlus(others)) + (minorityClasses * CriticalShare * Math.Log(minorityTotal));
        // In units of 1/R_0, where that is too small: log(1 + x) = x to the last digit
        double logOthers = Math.Log(majorityClasses - 1 + (minorityClasses * Math.Exp(curve.LogQ))) - curve.A + curve.LogRatio;
        LogObjective = Objective > SmallObjective ? Math.Log(Objective)
            : Math.Log(Math.Exp(logOthers) + (minorityClasses * Math.Log(minorityTotal) / majorityClasses)) - curve.LogRatio;
    }

    /// <summary>K_A, the number of classes with many examples.</summary>
    public int MajorityClasses { get; }

    /// <summary>K_B, the number of classes with few.</summary>
    public int MinorityClasses { get; }

    /// <summary>E_W·E_H.</summary>
    public double BudgetProduct { get; }

    /// <summary>log R_0, positive and finite.</summary>
    public double LogRatio => curve.LogRatio;

    /// <summary>R_0; +∞ where it exceeds the range of double (<see cref="ExceedsDoubleRange"/>), with <see cref="LogRatio"/> still exact.</summary>
    public double Ratio => Math.Exp(LogRatio);

    /// <summary>Whether R_0 is too large for a double.</summary>
    public bool ExceedsDoubleRange => double.IsPositiveInfinity(Ratio);

    /// <summary>
    /// ω_B = 1/(K_A·R_0 + K_B): the share of the examples that one minority class has at the threshold, equal to the multiplier λ there.
    /// Zero where it underflows.
    /// </summary>
    public double CriticalShare { get; }

    /// <summary>log ω_B, also where <see cref="CriticalShare"/> underflows.</summary>
    public double LogCriticalShare => -LogRatio - Math.Log(MajorityClasses + (MinorityClasses * Math.Exp(-LogRatio)));

    /// <summary>The optimal average loss at the threshold; 0 where it underflows.</summary>
    public double Objective { get; }

    /// <summary>log of the optimal average loss at the threshold, however small it is.</summary>
    public double LogObjective { get; }

    /// <summary>Predictions for a majority class at the threshold; the sibling is NaN for a single majority class.</summary>
    public ClassProbabilities Majority { get; }

    /// <summary>Predictions for a minority class at the threshold: own and sibling are equal, the classes cannot be told apart.</summary>
    public ClassProbabilities Minority { get; }

    /// <summary>Cosine of the classifiers of two majority classes at the threshold; NaN for a single one.</summary>
    /// <remarks>From W·Wᵀ = √(E_W/E_H)·(a·Π_A + ρ·u·uᵀ), with u_A² = K_B/(K_A·K) and u_B² = K_A/(K_B·K).</remarks>
    public double MajorityCosine => MajorityClasses == 1 ? double.NaN : (MajorityCommon - (curve.A / MajorityClasses)) / MajorityNorm;

    /// <summary>Cosine of the classifiers of a majority and a minority class at the threshold.</summary>
    public double CrossCosine => -Math.Sqrt(MajorityCommon / MajorityNorm);

    /// <summary>‖w_B‖²/‖w_A‖² at the threshold. Never zero: the minority classifiers first meet and shrink after that.</summary>
    public double MinorityNorm2Ratio => curve.Rho * MajorityClasses / (MinorityClasses * ClassCount) / MajorityNorm;

    /// <summary>
    /// d(log R_0)/d(log E_W·E_H): by how many percent the threshold rises when a budget rises by one. Its inverse is the elasticity of the
    /// critical budget product in R.
    /// </summary>
    public double BudgetElasticity => curve.Elasticity;

    private double ClassCount => (double)MajorityClasses + MinorityClasses;

    private double MajorityCommon => curve.Rho * MinorityClasses / (MajorityClasses * ClassCount);

    private double MajorityNorm => MajorityCommon + (MajorityClasses == 1 ? 0 : curve.A * (1 - (1.0 / MajorityClasses)));

    /// <summary>The threshold for given budgets.</summary>
    /// <param name="majorityClasses">K_A, at least 1.</param>
    /// <param name="minorityClasses">K_B, at least 2.</param>
    /// <param name="budgetProduct">E_W·E_H, positive and finite.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static MinorityCollapseThreshold At(int majorityClasses, int minorityClasses, double budgetProduct)
    {
        RequireClasses(majorityClasses, minorityClasses);
        ModelValidation.Budget(budgetProduct, nameof(budgetProduct));
        double radius = ((double)majorityClasses + minorityClasses) * Math.Sqrt(budgetProduct);
        return new(majorityClasses, minorityClasses, budgetProduct, ThresholdCurve.AtRadius(majorityClasses, minorityClasses, radius));
    }

    /// <summary>The threshold that lies at a given ratio: its <see cref="BudgetProduct"/> is the critical one.</summary>
    /// <param name="majorityClasses">K_A, at least 1.</param>
    /// <param name="minorityClasses">K_B, at least 2.</param>
    /// <param name="ratio">R, greater than 1 and finite.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static MinorityCollapseThreshold AtRatio(int majorityClasses, int minorityClasses, double ratio)
    {
        RequireClasses(majorityClasses, minorityClasses);
        if (!(ratio > 1) || double.IsInfinity(ratio))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio must be finite and greater than 1: balanced classes never collapse.");
        }

        ThresholdCurve curve = ThresholdCurve.AtLogRatio(majorityClasses, minorityClasses, Math.Log(ratio));
        double perClass = curve.Radius / ((double)majorityClasses + minorityClasses);
        return new(majorityClasses, minorityClasses, perClass * perClass, curve);
    }

    /// <summary>The threshold of the two groups of a model, loss weights included; the group with more effective examples is the majority.</summary>
    /// <param name="model">A model with cross-entropy whose classes have two different effective counts.</param>
    /// <exception cref="ArgumentException">The model is another one.</exception>
    public static MinorityCollapseThreshold Of(LayerPeeledModel model)
    {
        (ClassGroup majority, ClassGroup minority) = TwoGroups(model);
        return At(majority.Classes, minority.Classes, model.ClassifierBudget * model.FeatureBudget);
    }

    /// <summary>The largest E_W·E_H at which minority classes at a ratio R still collapse: any larger product keeps them apart.</summary>
    /// <param name="majorityClasses">K_A, at least 1.</param>
    /// <param name="minorityClasses">K_B, at least 2.</param>
    /// <param name="ratio">R, greater than 1 and finite.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static double CriticalBudgetProduct(int majorityClasses, int minorityClasses, double ratio) =>
        AtRatio(majorityClasses, minorityClasses, ratio).BudgetProduct;

    /// <summary>The effective ratio R = n_A·w_A/(n_B·w_B) of a model of two groups; +∞ where the minority has no weight.</summary>
    /// <param name="model">A model with cross-entropy whose classes have two different effective counts.</param>
    /// <exception cref="ArgumentException">The model is another one.</exception>
    public static double EffectiveRatio(LayerPeeledModel model)
    {
        (ClassGroup majority, ClassGroup minority) = TwoGroups(model);
        return majority.EffectiveCount / minority.EffectiveCount;
    }

    /// <summary>Whether minority classes at a ratio R collapse: R ≥ R_0.</summary>
    /// <param name="ratio">R = n_A·w_A/(n_B·w_B), at least 1; may be +∞.</param>
    public bool Collapses(double ratio) => RequireRatio(ratio) >= Ratio;

    /// <summary>
    /// The rate w_r at which oversampling the minority (or weighting its losses) just escapes from collapse: collapse is avoided iff
    /// w_r > R/R_0. Below 1 where nothing need be done. The paper's w_r = R restores the simplex ETF.
    /// </summary>
    /// <param name="ratio">R before oversampling, at least 1; may be +∞ (then no rate is enough).</param>
    public double EscapingOversamplingRate(double ratio) => ExceedsDoubleRange
        ? Math.Exp(Math.Log(RequireRatio(ratio)) - LogRatio)
        : RequireRatio(ratio) / Ratio;

    private static double RequireRatio(double ratio) => ratio >= 1
        ? ratio
        : throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio of majority to minority examples must be at least 1.");

    private static void RequireClasses(int majorityClasses, int minorityClasses)
    {
        if (majorityClasses < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(majorityClasses), majorityClasses, "There must be at least 1 majority class.");
        }

        if (minorityClasses < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(minorityClasses), minorityClasses, "There must be at least 2 minority classes: a single one has no other to collapse with.");
        }
    }

    private static (ClassGroup Majority, ClassGroup Minority) TwoGroups(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        EffectiveGroups.RequireCrossEntropy(model);
        if (!ModelScope.HasBudgetsPerClass(model))
        {
            throw new ArgumentException("The threshold in R belongs to budgets and features that count per class; for penalties there are those of PenaltyThresholds.", nameof(model));
        }

        IReadOnlyList<ClassGroup> groups = EffectiveGroups.Of(model).Model.Groups;
        return groups.Count == 2
            ? (groups[0], groups[1])
            : throw new ArgumentException($"The threshold belongs to two different effective counts; the model has {groups.Count}.", nameof(model));
    }
}
