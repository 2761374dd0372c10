using System.Globalization;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Analysis;

/// <summary>The paper's step imbalance: K_A classes with R·n examples each, K_B classes with n, and the two budgets.</summary>
public readonly record struct StepImbalance
{
    /// <summary>A setting.</summary>
    /// <param name="majorityClasses">K_A, at least 1.</param>
    /// <param name="minorityClasses">K_B, at least 1.</param>
    /// <param name="ratio">R, at least 1; +∞ for minority classes without examples.</param>
    /// <param name="classifierBudget">E_W, positive and finite.</param>
    /// <param name="featureBudget">E_H, positive and finite.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public StepImbalance(int majorityClasses, int minorityClasses, double ratio, double classifierBudget, double featureBudget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(majorityClasses, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(minorityClasses, 1);
        if (!(ratio >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio of majority to minority examples must be at least 1.");
        }

        ModelValidation.Budget(classifierBudget, nameof(classifierBudget));
        ModelValidation.Budget(featureBudget, nameof(featureBudget));
        (MajorityClasses, MinorityClasses, Ratio) = (majorityClasses, minorityClasses, ratio);
        (ClassifierBudget, FeatureBudget) = (classifierBudget, featureBudget);
    }

    /// <summary>K_A.</summary>
    public int MajorityClasses { get; }

    /// <summary>K_B.</summary>
    public int MinorityClasses { get; }

    /// <summary>R.</summary>
    public double Ratio { get; }

    /// <summary>E_W.</summary>
    public double ClassifierBudget { get; }

    /// <summary>E_H.</summary>
    public double FeatureBudget { get; }

    /// <summary>All of it in one line, exactly.</summary>
    internal string Identity => string.Create(CultureInfo.InvariantCulture, $"{MajorityClasses} {MinorityClasses} {Ratio:r} {ClassifierBudget:r} {FeatureBudget:r}");

    /// <summary>The model, with n = 1.</summary>
    public LayerPeeledModel Model()
    {
        ClassGroup[] groups = double.IsPositiveInfinity(Ratio)
            ? [new(MajorityClasses, 1), new(MinorityClasses, 0)]
            : [new(MajorityClasses, Ratio), new(MinorityClasses, 1)];
        return LayerPeeledModel.FromClassGroups(groups, ClassifierBudget, FeatureBudget);
    }
}
