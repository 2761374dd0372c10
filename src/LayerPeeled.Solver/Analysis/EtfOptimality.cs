using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Whether classifiers and class means from anywhere are a simplex ETF, and whether they are optimal: distances to the nearest ETF, use of the
/// budgets, stationarity, and the global certificate.
/// </summary>
public sealed record EtfOptimality
{
    private EtfOptimality()
    {
    }

    /// <summary>Largest deviations of norms, angles and self-duality.</summary>
    public required EtfCheck Deviations { get; init; }

    /// <summary>
    /// min ‖W − s·M·Qᵀ‖_F/‖W‖_F over scales s ≥ 0 and Q with orthonormal columns, M the simplex ETF with unit rows (orthogonal Procrustes: Q is
    /// the polar factor of WᵀM, s = ‖WᵀM‖_*/K). NaN where W vanishes or p &lt; K − 1, in which no simplex ETF fits.
    /// </summary>
    public required double ClassifierDistance { get; init; }

    /// <summary>The same for H̄ᵀ.</summary>
    public required double FeatureDistance { get; init; }

    /// <summary>
    /// Distance of the pair (W/‖W‖_F, H̄ᵀ/‖H̄‖_F) to a pair with one common ETF for both: zero iff classifiers and class means are
    /// the same simplex ETF up to a factor each (self-duality included).
    /// </summary>
    public required double CommonDistance { get; init; }

    /// <summary>‖W‖_F²/(K·E_W): 1 when the classifier budget is tight, above 1 when it is exceeded.</summary>
    public required double ClassifierBudgetUse { get; init; }

    /// <summary>‖H̄‖_F²/(K·E_H).</summary>
    public required double FeatureBudgetUse { get; init; }

    /// <summary>
    /// How far the point is from a KKT point: the larger of ‖∇_W f + μ_W·W‖/‖∇_W f‖ and its counterpart in H̄, with the best multiplier
    /// μ_W = max(0, −⟨∇_W f, W⟩/‖W‖²) where the budget is used up (to the tolerance), else 0. Between 0 and 1: where the budget is tight it is the
    /// part of the gradient that the constraint cannot hold.
    /// </summary>
    public required double KktResidual { get; init; }

    /// <summary>
    /// The global certificate; a point outside the budgets is scaled back first. For balanced classes and cross-entropy its lower bound is the optimum
    /// in closed form, to rounding, and the gap is the true distance from it, for p below K − 1 from that of the relaxation.
    /// </summary>
    public required DualityCertificate Certificate { get; init; }

    /// <summary>The largest distance and deviation in budget use that pass for zero.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The relative gap at which the certificate counts as closed.</summary>
    public required double RelativeGapTolerance { get; init; }

    /// <summary>Whether both are simplex ETFs, and the same one up to a factor, within the tolerance.</summary>
    public bool IsSimplexEtf => ClassifierDistance <= Tolerance && FeatureDistance <= Tolerance && CommonDistance <= Tolerance;

    /// <summary>Whether both budgets are used up and neither is exceeded, within the tolerance.</summary>
    public bool IsTight => Math.Abs(ClassifierBudgetUse - 1) <= Tolerance && Math.Abs(FeatureBudgetUse - 1) <= Tolerance;

    /// <summary>Whether the point is feasible within the tolerance and its certificate closes.</summary>
    public bool IsOptimal => Certificate.Closes(RelativeGapTolerance) && ClassifierBudgetUse <= 1 + Tolerance && FeatureBudgetUse <= 1 + Tolerance;

    /// <summary>The verdict within these tolerances.</summary>
    public EtfVerdict Verdict => (IsSimplexEtf, IsOptimal) switch
    {
        (true, true) => EtfVerdict.OptimalSimplexEtf,
        (true, false) => EtfVerdict.SimplexEtfNotOptimal,
        (false, true) => EtfVerdict.OptimalNotSimplexEtf,
        _ => EtfVerdict.Neither,
    };

    /// <summary>Examines a point.</summary>
    /// <param name="model">The model it is to be optimal for.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    /// <param name="tolerance">The largest distance and deviation in budget use that pass for zero, between 0 and 1.</param>
    /// <param name="relativeGapTolerance">The relative gap at which the certificate counts as closed, between 0 and 1.</param>
    /// <exception cref="ArgumentException">Shapes do not fit the model, an entry is not finite, or a tolerance is out of its range.</exception>
    public static EtfOptimality Of(
        LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans, double tolerance = 1e-6, double relativeGapTolerance = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!ModelScope.HasBudgetsPerClass(model))
        {
            throw new ArgumentException("The verdict is for budgets and features that count per class; the model has penalties, or features that count per sample.", nameof(model));
        }

        RequireFraction(tolerance, nameof(tolerance));
        RequireFraction(relativeGapTolerance, nameof(relativeGapTolerance));
        DualityCertificate certificate = WithClosedForm(model, DualityGap.Certify(model, classifier, classMeans));
        Matrix<double> means = classMeans.Transpose();
        double classifierNorm = classifier.FrobeniusNorm(), featureNorm = means.FrobeniusNorm();
        double classifierUse = classifierNorm * classifierNorm / (model.ClassCount * model.ClassifierBudget);
        double featureUse = featureNorm * featureNorm / (model.ClassCount * model.FeatureBudget);
        // by multiplication, so that a vanishing matrix gives NaN
        Matrix<double> unitClassifier = classifier * (1 / classifierNorm), unitMeans = means * (1 / featureNorm);
        Matrix<double> slope = LogitGradient(model, classifier * classMeans);
        return new EtfOptimality
        {
            Deviations = EtfCheck.Of(classifier, classMeans),
            ClassifierDistance = Distance(unitClassifier),
            FeatureDistance = Distance(unitMeans),
            CommonDistance = CommonDistanceOf(unitClassifier, unitMeans),
            ClassifierBudgetUse = classifierUse,
            FeatureBudgetUse = featureUse,
            KktResidual = Math.Max(
                Residual(slope * means, classifier, classifierUse >= 1 - tolerance),
                Residual(slope.TransposeThisAndMultiply(classifier), means, featureUse >= 1 - tolerance)),
            Certificate = certificate,
            Tolerance = tolerance,
            RelativeGapTolerance = relativeGapTolerance,
        };
    }

    private static void RequireFraction(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "The tolerance must be between 0 and 1.");
        }
    }

    // The certificate of the closed form has no gap but rounding: its bound is the optimum.
    private static DualityCertificate WithClosedForm(LayerPeeledModel model, DualityCertificate certificate)
    {
        if (!SimplexEtf.HasBalancedOptimum(model))
        {
            return certificate;
        }

        NuclearNormProgram program = NuclearNormProgram.ForGroups(
            LayerPeeledModel.FromClassGroups([new ClassGroup(model.ClassCount, 1)], model.ClassifierBudget, model.FeatureBudget));
        return DualityGap.WithBound(certificate, DualityGap.Certify(program, SpectralStart.CentredIdentity(program)));
    }

    // ∇f(Z), K×K, up to a factor that leaves its entries in the range in which squares do not underflow
    private static Matrix<double> LogitGradient(LayerPeeledModel model, Matrix<double> logits)
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(model);
        GroupedMatrix z = program.CreateMatrix(), gradient = program.CreateMatrix();
        logits.ToColumnMajorArray().CopyTo(z.Core, 0);
        program.GradientInUnit(z, gradient, program.LogUnit(z));
        gradient.Scale(MatrixShape.PowerOfTwoScale(gradient.Core));
        return Matrix<double>.Build.Dense(model.ClassCount, model.ClassCount, gradient.Core);
    }

    private static double Residual(Matrix<double> gradient, Matrix<double> point, bool tight)
    {
        double norm = gradient.FrobeniusNorm();
        if (norm == 0)
        {
            return 0;
        }

        double multiplier = tight ? Math.Max(0, -gradient.PointwiseMultiply(point).RowSums().Sum() / Math.Pow(point.FrobeniusNorm(), 2)) : 0;
        return (gradient + (multiplier * point)).FrobeniusNorm() / norm;
    }

    // Of a matrix of norm 1 from the nearest s·M·Qᵀ. The difference is formed: ‖W‖² − s²K would lose half the digits.
    private static double Distance(Matrix<double> rows)
    {
        if (NearestFrame(rows) is not { } frame)
        {
            return double.NaN;
        }

        double scale = rows.PointwiseMultiply(frame).RowSums().Sum() / rows.RowCount;
        return (rows - (frame * scale)).FrobeniusNorm();
    }

    // One frame for both, of norm 1 each: the nearest to Ŵ + Ĥᵀ.
    private static double CommonDistanceOf(Matrix<double> classifier, Matrix<double> means)
    {
        if (NearestFrame(classifier + means) is not { } frame)
        {
            return double.NaN;
        }

        frame /= Math.Sqrt(classifier.RowCount);
        return Math.Sqrt(Math.Pow((classifier - frame).FrobeniusNorm(), 2) + Math.Pow((means - frame).FrobeniusNorm(), 2));
    }

    // M·Qᵀ (K×p) that has the largest inner product with a matrix: in K − 1 coordinates M = F, and Qᵀ = U·Vᵀ of Fᵀ·X = U·S·Vᵀ.
    private static Matrix<double>? NearestFrame(Matrix<double> rows)
    {
        int classes = rows.RowCount, dimension = rows.ColumnCount, own = classes - 1;
        if (dimension < own || !double.IsFinite(rows.FrobeniusNorm()))
        {
            return null;
        }

        Matrix<double> frame = SimplexEtf.Frame(classes, own);
        double[] product = frame.TransposeThisAndMultiply(rows).ToColumnMajorArray();
        double[] u = new double[MatrixShape.Length(own, own)], s = new double[own], vt = new double[MatrixShape.Length(own, dimension)];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(own, dimension, product, u, s, vt);
        return frame * Matrix<double>.Build.Dense(own, own, u) * Matrix<double>.Build.Dense(own, dimension, vt);
    }
}
