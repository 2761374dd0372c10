using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>A group of classes in the network and in the model's optimum.</summary>
public sealed record ClassGroupComparison
{
    internal ClassGroupComparison()
    {
    }

    /// <summary>What was measured.</summary>
    public required ClassGroupMetrics Measured { get; init; }

    /// <summary>The same of the optimum: norms in true units at the measured budgets. Within variances are zero there by the theory.</summary>
    public required ClassGroupMetrics Predicted { get; init; }

    /// <summary>How many classes of the group are at or below the critical size.</summary>
    public required int ClassesBelowCriticalSize { get; init; }

    /// <summary>Mean cosine between classifiers, measured minus predicted; NaN where either is undefined.</summary>
    public double ClassifierCosineDifference => Measured.ClassifierCosines.Mean - Predicted.ClassifierCosines.Mean;

    /// <summary>Mean cosine between class means, measured minus predicted; NaN where either is undefined.</summary>
    public double MeanCosineDifference => Measured.MeanCosines.Mean - Predicted.MeanCosines.Mean;

    /// <summary>Mean norm of the classifiers, measured over predicted; infinite or very large where the model lets them vanish.</summary>
    public double ClassifierNormRatio => Measured.ClassifierNorms.Mean / Predicted.ClassifierNorms.Mean;

    /// <summary>Mean norm of the class means, measured over predicted; infinite or very large where the model lets them vanish.</summary>
    public double MeanNormRatio => Measured.MeanNorms.Mean / Predicted.MeanNorms.Mean;
}
