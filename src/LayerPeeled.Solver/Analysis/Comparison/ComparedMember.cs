using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>One member of a comparison. Immutable.</summary>
public sealed record ComparedMember
{
    /// <summary>Which member.</summary>
    public required FamilyMemberKind Kind { get; init; }

    /// <summary>The loss, by its name in <see cref="Losses.LossCatalog"/>.</summary>
    public required string Loss { get; init; }

    /// <summary>How its solve ended; <see cref="SolverStatus.Optimal"/> also for a closed form whose certificate closes.</summary>
    public SolverStatus Status { get; init; }

    /// <summary>Why there is no result: what the member does not take. Null where there is one.</summary>
    public string? Refusal { get; init; }

    /// <summary>The average loss, in the units of the member's own loss; NaN of the largest margin, which has none.</summary>
    public double Objective { get; init; } = double.NaN;

    /// <summary>Relative gap to a proven bound of the member; 1 and less where the bound stays open.</summary>
    public double RelativeGap { get; init; } = double.NaN;

    /// <summary>Classes that share one vector with all the others of their size, or vanish.</summary>
    public int CollapsedClasses { get; init; }

    /// <summary>The classifiers; nothing of a member without.</summary>
    public ComparedSide Classifier { get; init; } = ComparedSide.None;

    /// <summary>The class means.</summary>
    public ComparedSide Feature { get; init; } = ComparedSide.None;
}
