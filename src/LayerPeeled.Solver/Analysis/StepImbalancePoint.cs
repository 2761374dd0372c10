using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis;

/// <summary>The certified optimum of one setting of a sweep.</summary>
public sealed record StepImbalancePoint
{
    /// <summary>How many numbers <see cref="Write"/> takes.</summary>
    internal const int Width = 14;

    private StepImbalancePoint()
    {
    }

    /// <summary>The setting.</summary>
    public required StepImbalance Setting { get; init; }

    /// <summary>How the solve ended.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>The optimal average loss.</summary>
    public required double Objective { get; init; }

    /// <summary>Relative gap of its certificate.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>λ.</summary>
    public required double Multiplier { get; init; }

    /// <summary>Norms and cosines of the classifiers.</summary>
    public required StepImbalanceSide Classifier { get; init; }

    /// <summary>Norms and cosines of the class means.</summary>
    public required StepImbalanceSide Feature { get; init; }

    /// <summary>Whether R ≥ R_0, by the exact threshold and not by the computed cosine; false for a single minority class.</summary>
    public bool Collapsed => IsCollapsed(Setting);

    internal static bool IsCollapsed(StepImbalance setting) => setting.MinorityClasses > 1 && MinorityCollapseThreshold
        .At(setting.MajorityClasses, setting.MinorityClasses, setting.ClassifierBudget * setting.FeatureBudget).Collapses(setting.Ratio);

    internal static StepImbalancePoint Of(StepImbalance setting, LayerPeeledSolution solution)
    {
        // At R = 1 the model has one group only: each side then reads the same entry.
        int minority = solution.Groups.Count - 1;
        StepImbalanceSide Side(Func<Geometry.GroupGeometry, double> norm2, Matrix<double> cosines)
        {
            double Within(int group, int classes) => classes > 1 ? cosines[group, group] : double.NaN;
            return new StepImbalanceSide(
                norm2(solution.Groups[0]), norm2(solution.Groups[minority]),
                Within(0, setting.MajorityClasses), Within(minority, setting.MinorityClasses), cosines[0, minority]);
        }

        return new StepImbalancePoint
        {
            Setting = setting,
            Status = solution.Status,
            Objective = solution.Objective,
            RelativeGap = solution.Certificate.RelativeGap,
            Multiplier = solution.Multiplier,
            Classifier = Side(g => g.ClassifierNorm2, solution.ClassifierCosines),
            Feature = Side(g => g.FeatureNorm2, solution.FeatureCosines),
        };
    }

    internal void Write(Span<double> values)
    {
        double[] all =
        [
            (double)Status, Objective, RelativeGap, Multiplier,
            Classifier.MajorityNorm2, Classifier.MinorityNorm2, Classifier.MajorityCosine, Classifier.MinorityCosine, Classifier.CrossCosine,
            Feature.MajorityNorm2, Feature.MinorityNorm2, Feature.MajorityCosine, Feature.MinorityCosine, Feature.CrossCosine,
        ];
        all.CopyTo(values);
    }

    internal static StepImbalancePoint Read(StepImbalance setting, ReadOnlySpan<double> values) => new()
    {
        Setting = setting,
        Status = (SolverStatus)(int)values[0],
        Objective = values[1],
        RelativeGap = values[2],
        Multiplier = values[3],
        Classifier = new(values[4], values[5], values[6], values[7], values[8]),
        Feature = new(values[9], values[10], values[11], values[12], values[13]),
    };
}
