using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis;

/// <summary>What one re-weighting rule, or another loss, does to the optimum. A cosine is NaN where there is no pair of classes or a classifier vanishes.</summary>
public sealed record MitigationOutcome
{
    /// <summary>The rule; <see cref="ReweightingRule.None"/> for another loss than cross-entropy.</summary>
    public required ReweightingRule Rule { get; init; }

    /// <summary>The loss.</summary>
    public ILoss Loss => Solution.Model.Loss;

    /// <summary>The rule's name, or that of another loss than cross-entropy.</summary>
    public string Name => Loss is CrossEntropyLoss ? Rule.Name : Loss.Name;

    /// <summary>The loss weights w_k of the classes.</summary>
    public required IReadOnlyList<double> LossWeights { get; init; }

    /// <summary>The certified optimum of the re-weighted model, over groups of equal effective counts n_k·w_k.</summary>
    public required LayerPeeledSolution Solution { get; init; }

    /// <summary>n* = λ·Σ_k n_k·w_k, to be compared with the effective counts n_k·w_k.</summary>
    public double CriticalClassSize => Solution.CriticalClassSize;

    /// <summary>Classes whose effective count is at or below n*.</summary>
    public int ClassesBelowCriticalSize => Solution.ClassesBelowCriticalSize;

    /// <summary>
    /// Average cosine between the classifiers of the minority classes over all their pairs. The minority classes are those of
    /// <see cref="MitigationAnalysis.MinorityClasses"/>, the same under every rule.
    /// </summary>
    public required double MinorityCosine { get; init; }

    /// <summary>Average cosine between the classifiers of the classes at or below n* under this rule, over all their pairs.</summary>
    public required double CollapsedCosine { get; init; }

    /// <summary>Average ‖w_k‖² of the minority classes.</summary>
    public required double MinorityNorm2 { get; init; }

    /// <summary>Smallest ‖w_k‖² of all classes.</summary>
    public required double SmallestNorm2 { get; init; }

    /// <summary>Largest ‖w_k‖² of all classes.</summary>
    public required double LargestNorm2 { get; init; }

    /// <summary>
    /// Margin of the worst class: the smallest own logit minus best other logit over the classes with examples. Not positive when classes
    /// with examples have collapsed onto each other.
    /// </summary>
    public required double WorstMargin { get; init; }

    /// <summary>A class that has the worst margin.</summary>
    public required int WorstClass { get; init; }

    /// <summary>
    /// Cross-entropy at the optimum averaged over the classes with examples, each counting the same: comparable between rules and losses, which the weighted
    /// objective is not.
    /// </summary>
    public required double BalancedLoss { get; init; }

    /// <summary>Relative gap of the certificate.</summary>
    public double RelativeGap => Solution.Certificate.RelativeGap;
}
