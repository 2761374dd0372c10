using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The geometry of the largest margin in closed form, from the singular value decomposition of the simplex-encoded labels: Z̃ = (I − vvᵀ/‖v‖²)·diag(√ρ/δ) = U₁SV₁ᵀ, W ∝
/// U₁S^{1/2}, H̃ ∝ S^{1/2}V₁ᵀ (SELI: Thrampoulidis, Kini, Vakilian, Behnia, NeurIPS 2022; with temperatures: Behnia et al., AISTATS 2023). What normalised optima of a
/// model tend to when its budgets grow or its penalties vanish. Costs the groups and not the classes. Immutable and thread-safe.
/// </summary>
public sealed class SeliGeometry
{
    private readonly Lazy<ClassGeometry> geometry;

    private SeliGeometry(MaxMarginProgram program)
    {
        Program = program;
        GroupedMatrix logits = program.Interpolant();
        NuclearNorm = GroupedSpectrum.Of(logits).NuclearNorm(logits);
        Margin = program.Model.Regulariser is Budgets ? program.Model.Radius / NuclearNorm : 1;
        logits.Scale(Margin);
        Factors = GroupedFactors.FromLogits(program.Groups, logits, Math.Max(1, program.Groups.GroupCount - 1));
        geometry = new(() => new ClassGeometry(Factors, multiplier: 0));
    }

    /// <summary>The program.</summary>
    public MaxMarginProgram Program { get; }

    /// <summary>The least ‖Z·diag(√ρ)‖_* with margins of 1.</summary>
    public double NuclearNorm { get; }

    /// <summary>The margin of every example against every other class: the largest within the budgets, K√(E_W·E_H)/<see cref="NuclearNorm"/>; with penalties 1.</summary>
    public double Margin { get; }

    /// <summary>The point: with budgets it uses them up, with penalties it is the cheapest one with a margin of 1.</summary>
    public GroupedFactors Factors { get; }

    /// <summary>Norms and cosines of each group of equal classes.</summary>
    public IReadOnlyList<GroupGeometry> Groups => geometry.Value.Groups;

    /// <summary>Cosines between classifiers of two groups, G×G; between two classes of the group on the diagonal (NaN where it has one). Formed at each call.</summary>
    public Matrix<double> ClassifierCosines => geometry.Value.ClassifierCosines;

    /// <summary>Cosines between class means of two groups, G×G. Formed at each call.</summary>
    public Matrix<double> FeatureCosines => geometry.Value.FeatureCosines;

    /// <summary>W, K×p. Formed at each call.</summary>
    public Matrix<double> Classifier => FactorExpansion.Classifier(Factors);

    /// <summary>H̄, p×K, one column a class. Formed at each call.</summary>
    public Matrix<double> ClassMeans => FactorExpansion.ClassMeans(Factors).Transpose();

    /// <summary>Z = W·H̄, K×K, column k the logits of class k. Formed at each call.</summary>
    public Matrix<double> Logits() => FactorExpansion.Logits(Factors);

    /// <summary>W·Wᵀ, K×K. Formed at each call.</summary>
    public Matrix<double> ClassifierGram() => FactorExpansion.Gram(Factors, Factors.ClassifierSpread, Factors.ClassifierCore).Expand(Factors.Program);

    /// <summary>H̄ᵀ·H̄, K×K. Formed at each call.</summary>
    public Matrix<double> FeatureGram() => FactorExpansion.FeatureGram(Factors);

    /// <summary>The proof that no margin is larger.</summary>
    public MarginCertificate Certify() => MarginCertificate.Of(Program, Factors);

    /// <summary>The geometry that a model tends to.</summary>
    /// <param name="model">The model: cross-entropy or its adjusted form, p at least K − 1; every class has examples and weight.</param>
    /// <exception cref="ArgumentException">The loss is another one, p is too small, or a class has no examples or no weight.</exception>
    public static SeliGeometry Of(LayerPeeledModel model) => Of(MaxMarginProgram.Of(model));

    /// <summary>The geometry of a program.</summary>
    /// <param name="program">The program; p of its model is at least K − 1.</param>
    /// <exception cref="ArgumentException">p is too small.</exception>
    public static SeliGeometry Of(MaxMarginProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        LayerPeeledModel model = program.Model;
        return model.FeatureDimension >= model.ClassCount - 1
            ? new SeliGeometry(program)
            : throw new ArgumentException($"The geometry of {model.ClassCount} classes needs p ≥ {model.ClassCount - 1}, the model has {model.FeatureDimension}.", nameof(program));
    }

    /// <summary>How far a point is from this geometry.</summary>
    /// <param name="point">A point over the same classes, that of a solution for instance.</param>
    /// <exception cref="ArgumentException">Its classes are others.</exception>
    public GeometryDistance DistanceOf(GroupedFactors point) => GeometryDistance.Between(point, Factors);

    /// <summary>How far a network is from this geometry.</summary>
    /// <param name="classifier">W, K×q with any q.</param>
    /// <param name="classMeans">H̄, q×K.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public GeometryDistance DistanceOf(Matrix<double> classifier, Matrix<double> classMeans) =>
        GeometryDistance.Between(GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(Program.Model), classifier, classMeans), Factors);
}
