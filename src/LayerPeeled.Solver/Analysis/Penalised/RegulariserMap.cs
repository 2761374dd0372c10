using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Penalised;

/// <summary>
/// Budgets and penalties with the same optimum. The optimum within budgets is that with the penalties λ_W = λ·r/(K·E_W), λ_H = λ·r/(K·E_H), λ the multiplier
/// of ‖Z‖_* ≤ r; the one with penalties is that within the budgets that it uses.
/// </summary>
public static class RegulariserMap
{
    /// <summary>The penalties under which the optimum of a model with budgets stays one.</summary>
    /// <param name="solution">The optimum; as accurate as its multiplier.</param>
    /// <exception cref="ArgumentException">The model has penalties, or the multiplier is not positive.</exception>
    public static Penalties ToPenalties(LayerPeeledSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        LayerPeeledModel model = solution.Model;
        if (model.Regulariser is not Budgets budgets || !(solution.Multiplier > 0))
        {
            throw new ArgumentException(
                model.Regulariser is Budgets ? $"The multiplier is {solution.Multiplier}; budgets that cost nothing have no penalties." : "The model has penalties already.",
                nameof(solution));
        }

        double classifier = solution.Multiplier * Math.Sqrt(budgets.Feature / budgets.Classifier), feature = solution.Multiplier * Math.Sqrt(budgets.Classifier / budgets.Feature);
        // (λ_H̃/2)·Σ ρ_k·‖h_k‖², ρ_k = n_k·K/N
        return new Penalties(classifier, budgets.FeatureNorm == FeatureNorm.PerClass ? feature : feature * (model.ClassCount / model.Examples)) { FeatureNorm = budgets.FeatureNorm };
    }

    /// <summary>The budgets within which the optimum of a model with penalties stays one: what it uses of them.</summary>
    /// <param name="solution">The optimum, not zero.</param>
    /// <exception cref="ArgumentException">The model has budgets or a bias, or the optimum is zero.</exception>
    public static Budgets ToBudgets(LayerPeeledSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        GroupedFactors factors = solution.Factors;
        double classifier = factors.ClassifierNorm2() / solution.Model.ClassCount, feature = factors.FeatureNorm2() / solution.Model.ClassCount;
        string? wrong = solution.Model.Regulariser is not Penalties penalties ? "The model has budgets already."
            : penalties.Bias is not null ? "The model has a bias; a model with budgets has none."
            : !(classifier > 0 && feature > 0) ? "The optimum is zero; budgets are positive."
            : null;
        return wrong is null
            ? new Budgets(classifier, feature) { FeatureNorm = solution.Model.Regulariser.FeatureNorm }
            : throw new ArgumentException(wrong, nameof(solution));
    }
}
