using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>Options of <see cref="ProjectedGradientSolver"/>. A relative gap of 1e-6 is asked for unless said otherwise.</summary>
public sealed record ProjectedGradientOptions : SolverOptions
{
    private readonly double? lipschitzConstant;
    private readonly double initialStep = 0.1;
    private readonly double sufficientDecrease = 1e-4;
    private readonly double stepGrowth = 2;
    private readonly double stepReduction = 0.5;
    private readonly int memory = 10;
    private readonly int maxBacktracks = 60;

    /// <summary>Options with their default values.</summary>
    public ProjectedGradientOptions()
    {
        RelativeGapTolerance = 1e-6;
        StationarityTolerance = 1e-10;
        MaxIterations = 100_000;
    }

    /// <summary>How steps are chosen.</summary>
    public StepRule StepRule { get; init; } = StepRule.BarzilaiBorwein;

    /// <summary>The program that a model is solved as: its class means or every example. A program given to the solver has its own level.</summary>
    public FactorizedLevel Level { get; init; } = FactorizedLevel.ClassMeans;

    /// <summary>Where to start when no point is given.</summary>
    public ProjectedGradientStart Start { get; init; } = ProjectedGradientStart.Random;

    /// <summary>The norm of gradients and projections.</summary>
    public ProjectedGradientMetric Metric { get; init; } = ProjectedGradientMetric.Euclidean;

    /// <summary>
    /// L of <see cref="StepRule.Constant"/>, whose step is 1/L in the units of <see cref="Metric"/>. Null: an upper bound on the curvature of
    /// f over the feasible set, known for cross-entropy only; K·(max_k β_k·E_W + max_k ω_k·E_H)/2 + √(2·Σ_c β_c²) in the Euclidean metric.
    /// </summary>
    public double? LipschitzConstant
    {
        get => lipschitzConstant;
        init => lipschitzConstant = value is { } constant ? OptionValidation.Positive(constant) : null;
    }

    /// <summary>Length of the first step as a fraction of the size of the feasible set. All rules but <see cref="StepRule.Constant"/>.</summary>
    public double InitialStep
    {
        get => initialStep;
        init => initialStep = OptionValidation.Positive(value);
    }

    /// <summary>
    /// c in the line search condition φ(x⁺) ≤ φ + c·⟨∇φ, x⁺ − x⟩ of <see cref="StepRule.Armijo"/> and <see cref="StepRule.BarzilaiBorwein"/>.
    /// Between 0 and 1.
    /// </summary>
    public double SufficientDecrease
    {
        get => sufficientDecrease;
        init => sufficientDecrease = OptionValidation.Fraction(value, nameof(SufficientDecrease));
    }

    /// <summary>
    /// The first trial step is the last accepted one times this: <see cref="StepRule.Armijo"/> and <see cref="StepRule.Nesterov"/>. At least 1.
    /// </summary>
    public double StepGrowth
    {
        get => stepGrowth;
        init => stepGrowth = value >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StepGrowth), value, $"{nameof(StepGrowth)} must be at least 1 and finite.");
    }

    /// <summary>
    /// A rejected step is multiplied by this: <see cref="StepRule.Armijo"/> and <see cref="StepRule.Nesterov"/>. Between 0 and 1, both excluded.
    /// <see cref="StepRule.BarzilaiBorwein"/> interpolates.
    /// </summary>
    public double StepReduction
    {
        get => stepReduction;
        init => stepReduction = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StepReduction), value, $"{nameof(StepReduction)} must be between 0 and 1, both excluded.");
    }

    /// <summary>
    /// <see cref="StepRule.BarzilaiBorwein"/> accepts what improves on the worst of so many last values; 1 makes it monotone. At least 1.
    /// </summary>
    public int Memory
    {
        get => memory;
        init => memory = OptionValidation.AtLeast(value, 1, nameof(Memory));
    }

    /// <summary>When <see cref="StepRule.Nesterov"/> drops its momentum.</summary>
    public MomentumRestart Restart { get; init; } = MomentumRestart.Either;

    /// <summary>Most rejected trials in one iteration, at least 1. All rules but <see cref="StepRule.Constant"/>.</summary>
    public int MaxBacktracks
    {
        get => maxBacktracks;
        init => maxBacktracks = OptionValidation.AtLeast(value, 1, nameof(MaxBacktracks));
    }

    /// <summary>Features of single examples with at least so many numbers are stepped with few passes over them.</summary>
    internal long FusedLength { get; init; } = 1 << 18;
}
