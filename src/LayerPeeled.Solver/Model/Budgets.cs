namespace LayerPeeled.Solver.Model;

/// <summary>
/// Two constraints: (1/K)·Σ_k ‖w_k‖² ≤ E_W, and (1/K)·Σ_k ‖h_k‖² ≤ E_H or, with <see cref="FeatureNorm.PerSample"/>, (1/N)·Σ_k n_k·‖h_k‖² ≤ E_H with N = Σ_k n_k.
/// </summary>
/// <param name="Classifier">E_W, between 1e-150 and 1e150.</param>
/// <param name="Feature">E_H, between 1e-150 and 1e150.</param>
public sealed record Budgets(double Classifier, double Feature) : Regulariser
{
    internal override void Validate()
    {
        ModelValidation.BudgetInRange(Classifier, "classifierBudget");
        ModelValidation.BudgetInRange(Feature, "featureBudget");
    }
}
