namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>A class at or below the critical size: the model gives it no direction of its own.</summary>
/// <param name="Index">Its index in class order.</param>
/// <param name="Label">Its label.</param>
/// <param name="Count">Its examples n_k.</param>
/// <param name="EffectiveCount">n_k·w_k, or n_k·w_k² where features count per sample: to be compared with the critical size.</param>
/// <param name="BalancingWeight">
/// The loss weight n_max/n_k. Given to every class it balances the loss, and the optimum is a simplex ETF without any collapse (oversampling,
/// Fang et al. 2021). Infinite for a class without examples. A weaker weight is often enough: that is a question for a solve of its own.
/// </param>
public readonly record struct CollapsedClass(int Index, long Label, long Count, double EffectiveCount, double BalancingWeight);
