using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// Cross-entropy at a temperature over classifiers and class means in p dimensions, each side with norms of its own: minimise
/// Σ_k ω_k·log Σ_j exp(⟨w_j − w_k, h_k⟩/τ) with the w_k on spheres or within a budget, and the h_k too. Nonconvex for small p; on spheres with p &lt; K − 1 the solutions for
/// τ → 0 are softmax codes (Jiang et al., "Generalized neural collapse for a large number of classes", ICML 2024). Immutable and thread-safe.
/// </summary>
/// <remarks>
/// On spheres all examples of a class have the same best feature for given classifiers, and within a budget their mean is as good as they are, so that the program with a
/// feature for each example has this optimum.
/// </remarks>
public sealed class SphericalModel
{
    // Losses down to e^{−2·300} stay far from the smallest double.
    private const double LargestSharpness = 300;

    private SphericalModel(LayerPeeledModel classes, NormConstraint classifiers, NormConstraint features, int dimension, double temperature)
    {
        ArgumentNullException.ThrowIfNull(classifiers);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int count = classes.ClassCount;
        classifiers.Validate(count, nameof(classifiers));
        features.Validate(count, nameof(features));
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a positive finite number.");
        }

        double sharpness = Math.Sqrt(classifiers.Norms2(count).Max()) * Math.Sqrt(features.Norms2(count).Max()) / temperature;
        if (!(sharpness <= LargestSharpness))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), sharpness, $"‖w‖·‖h‖/τ must be at most {LargestSharpness}.");
        }

        (Classes, Classifiers, Features, Dimension, Temperature) = (classes, classifiers, features, dimension, temperature);
    }

    /// <summary>Number of classes K.</summary>
    public int ClassCount => Classes.ClassCount;

    /// <summary>The groups of classes with equal count and weight. Norms may differ within them.</summary>
    public IReadOnlyList<ClassGroup> Groups => Classes.Groups;

    /// <summary>Index into <see cref="Groups"/> of each class.</summary>
    public ReadOnlySpan<int> GroupOfClass => Classes.GroupOfClass;

    /// <summary>Where the classifiers may be.</summary>
    public NormConstraint Classifiers { get; }

    /// <summary>Where the class means may be.</summary>
    public NormConstraint Features { get; }

    /// <summary>p.</summary>
    public int Dimension { get; }

    /// <summary>τ.</summary>
    public double Temperature { get; }

    /// <summary>The same classes with budgets of one, for weights and groups.</summary>
    internal LayerPeeledModel Classes { get; }

    /// <summary>A model from one count per class.</summary>
    /// <param name="counts">Examples n_k of each class: finite, not negative, not all zero.</param>
    /// <param name="classifiers">Where the classifiers may be.</param>
    /// <param name="features">Where the class means may be.</param>
    /// <param name="dimension">p, at least 1.</param>
    /// <param name="temperature">τ, positive; ‖w‖·‖h‖/τ at most 300.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static SphericalModel FromClassCounts(
        IEnumerable<double> counts, NormConstraint classifiers, NormConstraint features, int dimension, double temperature = 1) =>
        new(LayerPeeledModel.FromClassCounts(counts, 1, 1), classifiers, features, dimension, temperature);

    /// <summary>A model from groups of equal classes, numbered group after group.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="classifiers">Where the classifiers may be.</param>
    /// <param name="features">Where the class means may be.</param>
    /// <param name="dimension">p, at least 1.</param>
    /// <param name="temperature">τ, positive; ‖w‖·‖h‖/τ at most 300.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static SphericalModel FromClassGroups(
        IEnumerable<ClassGroup> groups, NormConstraint classifiers, NormConstraint features, int dimension, double temperature = 1) =>
        new(LayerPeeledModel.FromClassGroups(groups, 1, 1), classifiers, features, dimension, temperature);

    /// <summary>The same model in another number of dimensions.</summary>
    /// <param name="dimension">p, at least 1.</param>
    public SphericalModel WithDimension(int dimension) => new(Classes, Classifiers, Features, dimension, Temperature);
}
