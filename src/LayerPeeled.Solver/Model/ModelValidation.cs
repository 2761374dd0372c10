using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Model;

/// <summary>Checks that name the argument, its value and what is allowed.</summary>
internal static class ModelValidation
{
    // Squares and products of what the budgets bound stay in the range of double precision.
    private const double SmallestBudget = 1e-150;
    private const double LargestBudget = 1e150;

    // The optimum with a penalty λ is of the order of λ·log(1/λ): no loss needs a unit of its own.
    private const double SmallestPenalty = 1e-100;
    private const double LargestPenalty = 1e100;

    // Of the mean count. Features that are longer by the root of it are at the end of what double precision tells apart.
    private const double SmallestShare = 1e-20;

    public static void Budget(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "A budget must be a positive finite number.");
        }
    }

    public static void BudgetInRange(double value, string name)
    {
        Budget(value, name);
        if (value is < SmallestBudget or > LargestBudget)
        {
            throw new ArgumentOutOfRangeException(name, value, $"A budget must be between {SmallestBudget} and {LargestBudget}.");
        }
    }

    public static void PenaltyInRange(double value, string name)
    {
        if (!(value is >= SmallestPenalty and <= LargestPenalty))
        {
            throw new ArgumentOutOfRangeException(name, value, $"A penalty must be between {SmallestPenalty} and {LargestPenalty}.");
        }
    }

    /// <summary>Where features count per sample ‖h_k‖ grows like 1/√n_k, without a budget to hold it.</summary>
    public static void FeaturesPerSample(IReadOnlyList<ClassGroup> groups, FeatureNorm norm)
    {
        double mean = groups.Sum(g => g.Classes * g.Count) / groups.Sum(g => (double)g.Classes);
        if (norm == FeatureNorm.PerSample && groups.FirstOrDefault(g => g.Count > 0 && g.Count < SmallestShare * mean) is { Classes: > 0 } small)
        {
            throw new ArgumentException(
                $"Where the features of every example count, a class must have no examples or at least {SmallestShare} times the mean of {mean}; there is a count of {small.Count}.", nameof(groups));
        }
    }

    public static void Finite(Matrix<double> matrix, string name)
    {
        if (matrix.Find(entry => !double.IsFinite(entry), Zeros.Include) is { } wrong)
        {
            throw new ArgumentException($"There is {wrong.Item3} in row {wrong.Item1}, column {wrong.Item2}; every entry must be finite.", name);
        }
    }

    public static void NonNegative(double value, string name, string what, int index)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentException($"The {what} {index} is {value}; it must be a finite number that is not negative.", name);
        }
    }
}
