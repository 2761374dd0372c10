using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers;

/// <summary>
/// The best feasible point of a solve, its certificate and its geometry. Immutable and thread-safe: matrices are formed at each call, so that what a caller does to one
/// changes nothing here, and everything but K×K and K×p matrices costs the groups and not the classes.
/// </summary>
public sealed class LayerPeeledSolution
{
    // Above the largest ratio over long tails and step imbalances, budgets of 1 to 30 and gaps of 1e-3 to 1e-10: GeometryErrorTests.
    internal const double GapToGeometry = 20;

    /// <summary>Length, relative to that of the budget, below which a vector's errors are those of a vector of this length.</summary>
    internal const double ShortVector = 0.01;

    // A longer step is one of a region in which the quadratic model says little about errors.
    private const double TrustedStep = 0.01;
    private readonly Matrix<double>? sampleFeatures;
    private readonly Lazy<ClassGeometry> geometry;
    private readonly string reason = "";

    internal LayerPeeledSolution(string method, double tolerance, IterationOutcome outcome)
    {
        Method = method;
        RelativeGapTolerance = tolerance;
        Outcome = outcome.Certificate.Contradiction is null ? outcome : outcome with { Status = SolverStatus.NumericalError };
        geometry = new(() => new ClassGeometry(Factors, Multiplier));
    }

    /// <summary>The model that was solved.</summary>
    public LayerPeeledModel Model => Factors.Program.Model;

    /// <summary>Name of the method that found the point.</summary>
    public string Method { get; }

    /// <summary>
    /// For the automatic method: which methods were tried and why; for all of them why a certificate proves nothing, where the loss or the numbers are
    /// to blame and not the point. Empty otherwise.
    /// </summary>
    public string Reason
    {
        get => string.Join("; ", new[] { reason, Outcome.Certificate.Contradiction ?? Shortcoming() }.Where(part => part.Length > 0));
        internal init => reason = value;
    }

    /// <summary>How the solve ended. Never <see cref="SolverStatus.Optimal"/> without a closed certificate.</summary>
    public SolverStatus Status => Outcome.Status;

    /// <summary>The relative gap at which the certificate counts as closed.</summary>
    public double RelativeGapTolerance { get; }

    /// <summary>The average loss at the point, and what penalties add to it; 0 where it is too small for a double.</summary>
    public double Objective => Certificate.PrimalValue;

    /// <summary>The average loss at the point alone, without penalties.</summary>
    public double Loss => Model.Regulariser is Penalties ? Factors.Loss() : Objective;

    /// <summary>log₁₀ of the objective at the point, however small it is.</summary>
    public double Log10Objective => Certificate.Log10PrimalValue;

    /// <summary>The proof: lower bound, gaps, multipliers.</summary>
    public DualityCertificate Certificate => Outcome.Certificate;

    /// <summary>
    /// Estimate (not a bound) of how far norms (relatively) and cosines (absolutely) are from those of the optimum, for the class that fares worst;
    /// 1 where nothing is known. From the last step of a second-order finish, or else c·√gap·√(E/‖w‖²), the gap relative to λ·r where that is less than the objective: the loss grows quadratically around its
    /// optimum, and short vectors have the same absolute errors as long ones. Vectors shorter than a hundredth of √E_W or √E_H count as that long: theirs are less
    /// accurate. So are all next to a collapse threshold, where the loss grows more slowly.
    /// </summary>
    public double GeometryError => Outcome.Error.Geometry < TrustedStep ? Math.Min(Outcome.Error.Geometry, GapError()) : GapError();

    /// <summary>Iterations of the method.</summary>
    public int Iterations => Outcome.Iterations;

    /// <summary>Time of the solve, certificate included.</summary>
    public TimeSpan Elapsed => Outcome.Elapsed;

    /// <summary>A report of every iteration, if the options asked for it.</summary>
    public IReadOnlyList<IterationReport> Trace => Outcome.Trace;

    /// <summary>The point, over the groups of its program.</summary>
    public GroupedFactors Factors => Outcome.Point;

    /// <summary>λ, the multiplier of the nuclear-norm constraint, or that of the penalties.</summary>
    public double Multiplier => Certificate.Multiplier;

    /// <summary>
    /// n* = λ·Σ_k n_k·w_k: with cross-entropy, classes with at most this many (effective) examples collapse, larger ones stay apart. Where features count per
    /// sample (<see cref="CollapseLaw"/>) the size of a class is n_k·w_k², and N²·λ_W·λ_H the critical one of examples without weights.
    /// </summary>
    public double CriticalClassSize => CollapseLaw.CriticalSize(Model, Multiplier);

    /// <summary>log₁₀ n*, also where n* is too small for a double.</summary>
    public double Log10CriticalClassSize => CollapseLaw.Log10CriticalSize(Model, Certificate.Log10Multiplier);

    /// <summary>How many classes are at or below the critical class size.</summary>
    public int ClassesBelowCriticalSize => Groups.Where(g => g.Collapsed).Sum(g => g.Classes);

    /// <summary>How far each group is from the collapse threshold, <see cref="ClassGeometry.CollapseRatios"/>: at most 1, and its classes share one classifier.</summary>
    public IReadOnlyList<double> CollapseRatios => geometry.Value.CollapseRatios;

    /// <summary>Norms and cosines of each group of equal classes, in the order of <see cref="LayerPeeledModel.Groups"/>.</summary>
    public IReadOnlyList<GroupGeometry> Groups => geometry.Value.Groups;

    /// <summary>Cosines between classifiers of two groups, G×G; between two classes of the group on the diagonal (NaN where it has one). Formed at each call.</summary>
    public Matrix<double> ClassifierCosines => geometry.Value.ClassifierCosines;

    /// <summary>Cosines between class means of two groups, G×G. Formed at each call.</summary>
    public Matrix<double> FeatureCosines => geometry.Value.FeatureCosines;

    /// <summary>W, K×p. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> Classifier => FactorExpansion.Classifier(Factors);

    /// <summary>H̄, p×K, one column a class. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> ClassMeans => FactorExpansion.ClassMeans(Factors).Transpose();

    /// <summary>b, one number a class; null where the model has no bias. Formed at each call.</summary>
    public Vector<double>? Bias => FactorExpansion.Bias(Factors);

    /// <summary>
    /// Dimensions of the optimum of the relaxation, where they exceed the model's p: the point was brought down to p. Null otherwise.
    /// </summary>
    public int? ExcessRank => Outcome.ExcessRank;

    /// <summary>Features of every example, p×N with the classes one after another, where the sample-level program was solved; a copy.</summary>
    public Matrix<double>? SampleFeatures
    {
        get => sampleFeatures?.Clone();
        internal init => sampleFeatures = value;
    }

    /// <summary>Z = W·H̄, with the bias added where there is one: K×K, column k the logits of class k.</summary>
    public Matrix<double> Logits() => FactorExpansion.Logits(Factors);

    /// <summary>W·Wᵀ, K×K.</summary>
    public Matrix<double> ClassifierGram() => FactorExpansion.Gram(Factors, Factors.ClassifierSpread, Factors.ClassifierCore).Expand(Factors.Program);

    /// <summary>H̄ᵀ·H̄, K×K.</summary>
    public Matrix<double> FeatureGram() => FactorExpansion.FeatureGram(Factors);

    /// <summary>
    /// X = [H̄ᵀ; W]·[H̄, Wᵀ], 2K×2K: the point of the semidefinite program, features first.
    /// </summary>
    public Matrix<double> SemidefinitePoint()
    {
        Matrix<double> logits = Logits();
        return Matrix<double>.Build.DenseOfMatrixArray(new[,] { { FeatureGram(), logits.Transpose() }, { logits, ClassifierGram() } });
    }

    /// <summary>This solution, if it is proven optimal.</summary>
    /// <exception cref="NotOptimalException">The status is another.</exception>
    public LayerPeeledSolution EnsureOptimal() => Status == SolverStatus.Optimal ? this : throw new NotOptimalException(this);

    internal IterationOutcome Outcome { get; }

    private double GapError()
    {
        double smallest = 1;
        (double classifier, double feature) = ClassGeometry.MeanNorms2(Factors);
        if (classifier == 0 && Status == SolverStatus.Optimal)
        {
            // Complete collapse: there is nothing to be inaccurate.
            return 0;
        }

        for (int g = 0; g < Groups.Count; g++)
        {
            double scaled = Groups[g].FeatureNorm2 * CollapseLaw.FeatureCost(Model, Model.Groups[g]);
            smallest = Math.Min(smallest, Math.Min(Groups[g].ClassifierNorm2 / classifier, scaled / feature));
        }

        double error = GapToGeometry * Math.Sqrt(RelativeGapOfGain() / Math.Max(smallest, ShortVector * ShortVector));
        return error < 1 ? error : 1;
    }

    // Small budgets gain about λ·r over no features at all, which can be far less than the objective: errors of directions are those of what is gained.
    private double RelativeGapOfGain()
    {
        double gain = Model.Regulariser is Budgets ? Multiplier * Model.Radius : Objective;
        return gain < Objective ? Certificate.RelativeGap * (Objective / gain) : Certificate.RelativeGap;
    }

    private string Shortcoming() => !Model.Loss.IsConvex
        ? $"the loss '{Model.Loss.Name}' is not convex: the point is a local solution, without a lower bound{(Certificate.Bound == 0 ? " but 0" : "")}"
        : Certificate.Kind == DualKind.None
        ? Certificate.Bound == 0 ? $"no dual point that was tried for the loss '{Model.Loss.Name}' proves a lower bound above 0"
            : $"no dual point in the domain of the conjugate of the loss '{Model.Loss.Name}' was found, so there is no lower bound"
        : Status == SolverStatus.NumericalError && Certificate.LogUnit != 0
        ? "losses this small are beyond the method, which does not work in logarithms as reduced, low-rank, nuclear-norm and auto do"
        : "";
}
