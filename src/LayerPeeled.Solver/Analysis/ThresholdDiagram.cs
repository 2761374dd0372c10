namespace LayerPeeled.Solver.Analysis;

/// <summary>R_0 over a grid of majority sizes and budget products, the number of classes K fixed.</summary>
public sealed class ThresholdDiagram
{
    private readonly MinorityCollapseThreshold[,] thresholds;

    private ThresholdDiagram(int classCount, int[] majorityClasses, double[] budgetProducts)
    {
        ClassCount = classCount;
        MajorityClasses = majorityClasses;
        BudgetProducts = budgetProducts;
        thresholds = new MinorityCollapseThreshold[majorityClasses.Length, budgetProducts.Length];
        for (int i = 0; i < majorityClasses.Length; i++)
        {
            for (int j = 0; j < budgetProducts.Length; j++)
            {
                thresholds[i, j] = MinorityCollapseThreshold.At(majorityClasses[i], classCount - majorityClasses[i], budgetProducts[j]);
            }
        }
    }

    /// <summary>K.</summary>
    public int ClassCount { get; }

    /// <summary>K_A along one axis.</summary>
    public IReadOnlyList<int> MajorityClasses { get; }

    /// <summary>E_W·E_H along the other.</summary>
    public IReadOnlyList<double> BudgetProducts { get; }

    /// <summary>The threshold of one pair.</summary>
    /// <param name="majority">Index into <see cref="MajorityClasses"/>.</param>
    /// <param name="budget">Index into <see cref="BudgetProducts"/>.</param>
    public MinorityCollapseThreshold this[int majority, int budget] => thresholds[majority, budget];

    /// <summary>Computes a diagram: a few microseconds an entry.</summary>
    /// <param name="classCount">K, at least 3.</param>
    /// <param name="majorityClasses">K_A, from 1 to K − 2.</param>
    /// <param name="budgetProducts">E_W·E_H, positive and finite.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ThresholdDiagram Compute(int classCount, IEnumerable<int> majorityClasses, IEnumerable<double> budgetProducts)
    {
        ArgumentNullException.ThrowIfNull(majorityClasses);
        ArgumentNullException.ThrowIfNull(budgetProducts);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 3);
        int[] majority = majorityClasses.ToArray();
        foreach (int value in majority)
        {
            if (value < 1 || value > classCount - 2)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(majorityClasses), value, $"Of {classCount} classes, 1 to {classCount - 2} can be the majority: at least 2 must be left to collapse.");
            }
        }

        return new ThresholdDiagram(classCount, majority, budgetProducts.ToArray());
    }
}
