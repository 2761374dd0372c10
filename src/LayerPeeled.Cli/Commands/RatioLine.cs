namespace LayerPeeled.Cli.Commands;

/// <summary>Two kinds of classes along the imbalance ratio.</summary>
/// <param name="MajorityClasses">K_A.</param>
/// <param name="MinorityClasses">K_B.</param>
/// <param name="ClassifierBudget">E_W.</param>
/// <param name="FeatureBudget">E_H.</param>
/// <param name="Ratios">R, ascending.</param>
/// <param name="Text">The options that say so, defaults included.</param>
internal sealed record RatioLine(int MajorityClasses, int MinorityClasses, double ClassifierBudget, double FeatureBudget, double[] Ratios, string Text);
