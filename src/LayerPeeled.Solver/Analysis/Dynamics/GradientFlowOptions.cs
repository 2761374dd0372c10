using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>Options of <see cref="GradientFlow"/>.</summary>
public sealed record GradientFlowOptions : TrajectoryOptions
{
    private readonly double tolerance = 1e-6;
    private readonly double stepSize = 0.1;
    private readonly double startNorm = 0.1;
    private readonly double finalLogLoss = -1000;
    private readonly int maxSteps = 100_000;
    private readonly long? memoryBudget;

    /// <summary>Flow or descent.</summary>
    public FlowRule Rule { get; init; } = FlowRule.Flow;

    /// <summary>
    /// <see cref="FlowRule.Flow"/>: the estimated local error of a step, ‖error‖ over all entries of W and H, is at most this times ‖(W, H)‖. From 1e-13 to 0.1.
    /// </summary>
    public double Tolerance
    {
        get => tolerance;
        init => tolerance = value is >= 1e-13 and <= 0.1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, $"{nameof(Tolerance)} must be from 1e-13 to 0.1.");
    }

    /// <summary><see cref="FlowRule.Descent"/>: η of x ← x − η·∇f(x).</summary>
    public double StepSize
    {
        get => stepSize;
        init => stepSize = OptionValidation.Positive(value);
    }

    /// <summary>‖W‖_F = ‖H‖_F of a start drawn at random: Gaussian entries, each block scaled to this norm.</summary>
    public double StartNorm
    {
        get => startNorm;
        init => startNorm = OptionValidation.Positive(value);
    }

    /// <summary>The run ends where log f is at most this, which is as much as a margin of minus this and a few units. Negative and finite.</summary>
    public double FinalLogLoss
    {
        get => finalLogLoss;
        init => finalLogLoss = value < 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(FinalLogLoss), value, $"{nameof(FinalLogLoss)} must be negative and finite.");
    }

    /// <summary>Most steps, at least 1.</summary>
    public int MaxSteps
    {
        get => maxSteps;
        init => maxSteps = OptionValidation.AtLeast(value, 1, nameof(MaxSteps));
    }

    /// <summary>Most bytes that a run may hold; half of what the process may use of the machine's memory when null. A program that is too large is refused.</summary>
    public long? MemoryBudget
    {
        get => memoryBudget;
        init => memoryBudget = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MemoryBudget), value, "The memory budget must be positive.");
    }

    /// <summary>Seed of a start drawn at random. The same seed gives the same run.</summary>
    public int Seed { get; init; }

    internal double MemoryBudgetInBytes => memoryBudget ?? (0.5 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
