using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// Margins of classes at the optimum with cross-entropy and nonnegative features: M_k = log((K−1)·(1/β_k − 1))₊, β_k = λ·√((K−1)·ρ_k/K)/ω_k (Dang et al., 2024), and
/// the λ that belongs to a model.
/// </summary>
internal static class RectifiedMargins
{
    private const int MaximumSteps = 200;

    /// <summary>log λ: that of the penalties, or the one that uses budgets up.</summary>
    public static double LogMultiplier(NuclearNormProgram program) =>
        program.Term is NuclearPenalty penalty ? Math.Log(penalty.Lambda) : BudgetMultiplier(program);

    /// <summary>M_k of each group for a multiplier.</summary>
    public static double[] Of(NuclearNormProgram program, double logMultiplier)
    {
        double classes = program.Model.ClassCount;
        var margins = new double[program.GroupCount];
        for (int g = 0; g < margins.Length; g++)
        {
            double logBeta = logMultiplier + (0.5 * Math.Log((classes - 1) / classes)) + Math.Log(program.FeatureRoots[g]) - Math.Log(program.Weights[g]);
            margins[g] = logBeta < Math.Log((classes - 1) / classes) ? Math.Max(0, Math.Log(classes - 1) - logBeta + Elementary.LogOnePlus(-Math.Exp(logBeta))) : 0;
        }

        return margins;
    }

    // log λ of Σ_g K_g·√ρ_g·M_g(λ) = r·√(K/(K−1)), by bisection: the left side falls in log λ, at least as fast as −Σ K_g·√ρ_g·log λ where it is large.
    private static double BudgetMultiplier(NuclearNormProgram program)
    {
        double classes = program.Model.ClassCount, target = program.Radius * Math.Sqrt(classes / (classes - 1));
        double Used(double logarithm) => Of(program, logarithm).Select((margin, g) => program.Sizes[g] * program.FeatureRoots[g] * margin).Sum();
        double high = Enumerable.Range(0, program.GroupCount).Max(g => Math.Log(program.Weights[g]) - Math.Log(program.FeatureRoots[g])) + (0.5 * Math.Log(classes / (classes - 1)));
        double low = high - 1;
        for (double width = 1; Used(low) < target; width *= 2)
        {
            low = high - width;
        }

        for (int step = 0; step < MaximumSteps; step++)
        {
            double middle = 0.5 * (low + high);
            if (!(middle > low && middle < high))
            {
                break;
            }

            (low, high) = Used(middle) < target ? (low, middle) : (middle, high);
        }

        return low;
    }
}
