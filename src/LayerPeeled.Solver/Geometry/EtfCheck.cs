using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>How far classifiers and class means are from neural collapse: relative deviations, all zero for a simplex ETF.</summary>
public sealed record EtfCheck
{
    private EtfCheck()
    {
    }

    /// <summary>Largest |‖w_k‖ − mean|/mean over the classifiers.</summary>
    public required double ClassifierNormDeviation { get; init; }

    /// <summary>Largest |‖h_k‖ − mean|/mean over the class means.</summary>
    public required double FeatureNormDeviation { get; init; }

    /// <summary>Largest |cos(w_j, w_k) + 1/(K − 1)| over pairs of classifiers.</summary>
    public required double ClassifierAngleDeviation { get; init; }

    /// <summary>Largest |cos(h_j, h_k) + 1/(K − 1)| over pairs of class means.</summary>
    public required double FeatureAngleDeviation { get; init; }

    /// <summary>‖W/‖W‖_F − H̄ᵀ/‖H̄‖_F‖_F: zero when classifiers and class means are the same up to one factor.</summary>
    public required double SelfDualityDeviation { get; init; }

    /// <summary>The largest of the deviations; NaN when a vector vanishes.</summary>
    public double Deviation => new[] { ClassifierNormDeviation, FeatureNormDeviation, ClassifierAngleDeviation, FeatureAngleDeviation, SelfDualityDeviation }.Aggregate(Math.Max);

    /// <summary>Whether every deviation is at most a tolerance.</summary>
    /// <param name="tolerance">The tolerance.</param>
    public bool IsSimplexEtf(double tolerance) => Deviation <= tolerance;

    /// <summary>Measures classifiers and class means.</summary>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static EtfCheck Of(Matrix<double> classifier, Matrix<double> classMeans)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(classMeans);
        if (classifier.RowCount < 2 || classMeans.ColumnCount != classifier.RowCount || classMeans.RowCount != classifier.ColumnCount)
        {
            throw new ArgumentException(
                $"W must be K×p and H̄ p×K with K ≥ 2; got {classifier.RowCount}×{classifier.ColumnCount} and {classMeans.RowCount}×{classMeans.ColumnCount}.",
                nameof(classMeans));
        }

        Matrix<double> means = classMeans.Transpose();
        FrameCheck classifiers = FrameCheck.Of(classifier), features = FrameCheck.Of(means);
        return new EtfCheck
        {
            ClassifierNormDeviation = classifiers.NormDeviation,
            FeatureNormDeviation = features.NormDeviation,
            ClassifierAngleDeviation = classifiers.AngleDeviation,
            FeatureAngleDeviation = features.AngleDeviation,
            SelfDualityDeviation = ((classifier * (1 / classifier.FrobeniusNorm())) - (means * (1 / means.FrobeniusNorm()))).FrobeniusNorm(),
        };
    }
}
