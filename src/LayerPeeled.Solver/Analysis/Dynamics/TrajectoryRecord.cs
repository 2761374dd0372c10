using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>One point of a trajectory in numbers. What has no value there is NaN.</summary>
public sealed record TrajectoryRecord
{
    internal TrajectoryRecord()
    {
    }

    /// <summary>Steps done; 0 at the start.</summary>
    public required int Step { get; init; }

    /// <summary>log t of the training time t in dx/dt = −∇f(x), −∞ at the start. NaN of the constrained model, whose steps are no steps of time.</summary>
    public double LogTime { get; init; } = double.NaN;

    /// <summary>τ = ∫ f dt. NaN of the constrained model.</summary>
    public double LossTime { get; init; } = double.NaN;

    /// <summary>f; 0 where it underflows.</summary>
    public double Objective => Math.Exp(LogObjective);

    /// <summary>log f, however small f is.</summary>
    public required double LogObjective { get; init; }

    /// <summary>‖W‖_F².</summary>
    public required double ClassifierNorm2 { get; init; }

    /// <summary>‖H‖_F², over all columns of the program.</summary>
    public required double FeatureNorm2 { get; init; }

    /// <summary>The least z_own − max_j z_j over all columns; positive where every example is classified.</summary>
    public required double Margin { get; init; }

    /// <summary>The margin over ‖W‖_F² + ‖H‖_F², which does not depend on the scale: what gradient flow makes larger in the end.</summary>
    public double NormalisedMargin => Margin / (ClassifierNorm2 + FeatureNorm2);

    /// <summary>‖WᵀW − HHᵀ‖_F, which gradient flow leaves as it is.</summary>
    public required double Imbalance { get; init; }

    /// <summary>NC1 = tr(Σ_W·Σ_B⁺)/K (<see cref="VariabilityMetrics.PseudoInverse"/>); 0 at the level of class means.</summary>
    public required double Variability { get; init; }

    /// <summary>NC2 of the classifiers (<see cref="FrameMetrics.GramDeviation"/>).</summary>
    public required double ClassifierFrameDeviation { get; init; }

    /// <summary>NC2 of the centred class means (<see cref="FrameMetrics.GramDeviation"/>).</summary>
    public required double MeanFrameDeviation { get; init; }

    /// <summary>NC3 (<see cref="DualityMetrics.Distance"/>).</summary>
    public required double DualityDistance { get; init; }

    /// <summary>The largest deviation of classifiers and class means from a simplex ETF (<see cref="Geometry.EtfCheck.Deviation"/>).</summary>
    public required double EtfDeviation { get; init; }

    /// <summary>Cosines over all pairs of classifiers; undefined where one vanishes.</summary>
    public required SummaryStatistics ClassifierCosines { get; init; }

    /// <summary>Cosines over all pairs of class means, measured from the origin.</summary>
    public required SummaryStatistics MeanCosines { get; init; }

    /// <summary>The same inside each group, in the order of <see cref="Model.LayerPeeledModel.Groups"/>.</summary>
    public required IReadOnlyList<TrajectoryGroup> Groups { get; init; }

    /// <summary>‖WWᵀ/‖WWᵀ‖_F − T/‖T‖_F‖_F with T of <see cref="TrajectoryOptions.Target"/>; NaN without a target.</summary>
    public double ClassifierDistance { get; init; } = double.NaN;

    /// <summary>The same of the Gram matrix of the class means.</summary>
    public double MeanDistance { get; init; } = double.NaN;

    /// <summary>The relative duality gap of the class means, from the raw data. NaN of the unconstrained model, which has no minimum.</summary>
    public double RelativeGap { get; init; } = double.NaN;

    /// <summary>The method's relative measure of stationarity. NaN of the unconstrained model.</summary>
    public double Stationarity { get; init; } = double.NaN;
}
