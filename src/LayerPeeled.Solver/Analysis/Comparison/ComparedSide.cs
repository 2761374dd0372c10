namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>Classifiers or class means of the largest and of the smallest classes, side by side.</summary>
/// <param name="NormRatio">‖·‖² of the largest classes over that of the smallest; NaN where there is nothing of the kind.</param>
/// <param name="MajorityCosine">Mean cosine between two of the largest classes; NaN for one alone, or vectors that vanish.</param>
/// <param name="MinorityCosine">The same of the smallest: 1 where they have collapsed.</param>
/// <param name="CrossCosine">Between the two.</param>
public sealed record ComparedSide(double NormRatio, double MajorityCosine, double MinorityCosine, double CrossCosine)
{
    /// <summary>Of a member without such vectors.</summary>
    public static ComparedSide None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);
}
