using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The optimum with cross-entropy and nonnegative features (H ≥ 0, as behind a ReLU) in closed form (Dang et al., 2024, for penalties per sample): class means are
/// orthogonal, each class has a margin of its own against all others, M_k = log((K−1)·(1/β_k − 1))₊ with β_k = λ·√((K−1)·ρ_k/K)/ω_k, and classes with β_k ≥ (K−1)/K
/// vanish; √ρ_k·‖h_k‖ ∝ (√ρ_k·M_k)^{1/2}, w_k ∝ √ρ_k·h_k − (1/K)·Σ_m √ρ_m·h_m. With budgets λ is the one that uses them up, Σ_k √ρ_k·M_k = K√(E_W·E_H)·√(K/(K−1)).
/// Costs the groups and not the classes. Immutable and thread-safe.
/// </summary>
public sealed class RectifiedFrame
{
    private readonly double[] margins;
    private readonly double[] squares;
    private readonly double classifierFactor;
    private readonly Lazy<ClassGeometry> geometry;

    private RectifiedFrame(NuclearNormProgram program, double logMultiplier)
    {
        Model = program.Model;
        double classes = Model.ClassCount, shrink = Math.Sqrt((classes - 1) / classes);
        margins = RectifiedMargins.Of(program, logMultiplier);
        Multiplier = program.Term is NuclearPenalty penalty ? penalty.Lambda : Math.Exp(logMultiplier);
        squares = margins.Select((margin, g) => shrink * program.Term.FeatureUnit * program.Term.FeatureUnit * program.FeatureRoots[g] * margin).ToArray();
        classifierFactor = program.Term.Balance / shrink;
        Factors = Point(program);
        for (int g = 0; g < margins.Length; g++)
        {
            double cost = program.Term is NuclearPenalty ? Multiplier * shrink * program.FeatureRoots[g] * margins[g] : 0;
            Objective += program.Sizes[g] * ((program.Weights[g] * Elementary.LogOnePlus((classes - 1) * Math.Exp(-margins[g]))) + cost);
        }

        LowerBound = RectifiedCertificate.Bound(Model);
        // A class vanishes when ω/√ρ ≤ λ·√(K/(K−1)).
        geometry = new(() => new ClassGeometry(Factors, Multiplier / shrink));
    }

    /// <summary>The model.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>λ, for features scaled so that ρ_k is 1 on average.</summary>
    public double Multiplier { get; }

    /// <summary>M_k of each group: by how much the own logit exceeds every other. 0 where the class vanishes.</summary>
    public IReadOnlyList<double> Margins => margins;

    /// <summary>The optimal objective, penalties included.</summary>
    public double Objective { get; }

    /// <summary>The proof that it is: <see cref="RectifiedCertificate"/>, which closes to rounding.</summary>
    public double LowerBound { get; }

    /// <summary>Norms and cosines of each group; collapsed are the classes whose features vanish.</summary>
    public IReadOnlyList<GroupGeometry> Groups => geometry.Value.Groups;

    /// <summary>Cosines between classifiers of two groups, G×G; between two classes of the group on the diagonal (NaN where it has one). Formed at each call.</summary>
    public Matrix<double> ClassifierCosines => geometry.Value.ClassifierCosines;

    /// <summary>The point up to a rotation of the feature space, which does not keep signs: <see cref="ClassMeans"/> has those.</summary>
    public GroupedFactors Factors { get; }

    /// <summary>H̄, p×K, no entry negative: each class that does not vanish has a coordinate of its own. Formed at each call.</summary>
    public Matrix<double> ClassMeans
    {
        get
        {
            NuclearNormProgram program = Factors.Program;
            var means = Matrix<double>.Build.Dense(Model.FeatureDimension, Model.ClassCount);
            int next = 0;
            for (int k = 0; k < Model.ClassCount; k++)
            {
                int g = program.BlockOfClass(k);
                if (squares[g] > 0)
                {
                    means[next++, k] = Math.Sqrt(squares[g]) / program.FeatureRoots[g];
                }
            }

            return means;
        }
    }

    /// <summary>W, K×p, in the coordinates of <see cref="ClassMeans"/>. Formed at each call.</summary>
    public Matrix<double> Classifier
    {
        get
        {
            double classes = Model.ClassCount;
            Matrix<double> classifier = ClassMeans.Transpose();
            for (int k = 0; k < Model.ClassCount; k++)
            {
                classifier.SetRow(k, classifier.Row(k) * (classifierFactor * Factors.Program.FeatureRoots[Factors.Program.BlockOfClass(k)]));
            }

            Vector<double> mean = classifier.ColumnSums() / classes;
            return Matrix<double>.Build.Dense(classifier.RowCount, classifier.ColumnCount, (k, i) => classifier[k, i] - mean[i]);
        }
    }

    /// <summary>The optimum of a model.</summary>
    /// <param name="model">A model with cross-entropy, without a bias; its p must be at least the number of classes that do not vanish.</param>
    /// <exception cref="ArgumentException">The loss is another one, the model has a bias, or p is too small.</exception>
    public static RectifiedFrame Of(LayerPeeledModel model)
    {
        RectifiedCertificate.Require(model);
        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        var frame = new RectifiedFrame(program, RectifiedMargins.LogMultiplier(program));
        double dimensions = frame.Margins.Select((margin, g) => margin > 0 ? program.Sizes[g] : 0).Sum();
        return dimensions <= model.FeatureDimension
            ? frame
            : throw new ArgumentException($"The frame needs {dimensions} dimensions, the model has p = {model.FeatureDimension}.", nameof(model));
    }

    // w_j = c·(√b_j·e_j − (1/K)·Σ_m √b_m·e_m), √ρ_k·h_k = √b_k·e_k
    private GroupedFactors Point(NuclearNormProgram program)
    {
        int n = program.GroupCount;
        var factors = new GroupedFactors(program, n);
        for (int h = 0; h < n; h++)
        {
            double root = Math.Sqrt(squares[h]);
            factors.ClassifierSpreadArray[h] = program.Sizes[h] == 1 ? 0 : classifierFactor * root;
            factors.FeatureSpreadArray[h] = program.Sizes[h] == 1 ? 0 : root;
            factors.FeatureCoreArray[h * (n + 1)] = root;
            for (int g = 0; g < n; g++)
            {
                factors.ClassifierCoreArray[g + (h * n)] =
                    classifierFactor * root * ((g == h ? 1 : 0) - (Math.Sqrt(program.Sizes[g] * program.Sizes[h]) / Model.ClassCount));
            }
        }

        return factors;
    }
}
