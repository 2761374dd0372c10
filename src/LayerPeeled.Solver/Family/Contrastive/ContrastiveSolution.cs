using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>The best point of a solve of the contrastive program, its certificate and its geometry. Immutable and thread-safe: matrices are formed at each call.</summary>
public sealed class ContrastiveSolution
{
    private const double CollapsedSpread = 1e-8;
    private readonly GroupedFactors factors;
    private readonly ClassGeometry geometry;

    internal ContrastiveSolution(ContrastiveModel model, double[] spread, double[] core, bool classByClass, ContrastiveCertificate certificate)
    {
        (Model, Certificate) = (model, certificate);
        NuclearNormProgram program = classByClass ? NuclearNormProgram.ForClasses(model.Classes) : NuclearNormProgram.ForGroups(model.Classes);
        int n = program.GroupCount;
        double root = Math.Sqrt(model.Temperature);
        double[] s = Array.ConvertAll(spread, x => x * root), v = Array.ConvertAll(core, x => x * root);
        factors = new GroupedFactors(program, core.Length / n, s, s, v, v);
        geometry = new ClassGeometry(factors, certificate.Multiplier);
        double total = model.Groups.Sum(g => g.Classes * g.EffectiveCount);
        Groups = geometry.Groups.Select(group => new ContrastiveGroup
        {
            Classes = group.Classes,
            Count = group.Count,
            LossWeight = group.LossWeight,
            Norm2 = group.FeatureNorm2,
            Cosine = group.FeatureCosine,
            LeastCosine = group.LeastFeatureCosine,
            LargestCosine = group.LargestFeatureCosine,
            Collapsed = group.Classes > 1 && (model.Denominator == ContrastiveDenominator.AllSamples
                ? group.Count * group.LossWeight / total <= certificate.Multiplier
                : group.FeatureNorm2 * (1 - (double.IsNaN(group.FeatureCosine) ? 1 : group.FeatureCosine)) <= CollapsedSpread * model.FeatureBudget),
        }).ToArray();
    }

    /// <summary>The model that was solved.</summary>
    public ContrastiveModel Model { get; }

    /// <summary>How the solve ended. Never <see cref="SolverStatus.Optimal"/> without a closed certificate.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>Iterations of the method.</summary>
    public required int Iterations { get; init; }

    /// <summary>The loss at the point.</summary>
    public double Objective => Certificate.Loss;

    /// <summary>The proof: lower bound, gap, multiplier.</summary>
    public ContrastiveCertificate Certificate { get; }

    /// <summary>Norms and cosines of each group, in the order of <see cref="ContrastiveModel.Groups"/>.</summary>
    public IReadOnlyList<ContrastiveGroup> Groups { get; }

    /// <summary>Cosines between class means of two groups, G×G; between two classes of the group on the diagonal (NaN where it has one). Formed at each call.</summary>
    public Matrix<double> Cosines => geometry.FeatureCosines;

    /// <summary>H̄ᵀH̄, K×K. Formed at each call.</summary>
    public Matrix<double> Gram() => FactorExpansion.FeatureGram(factors);

    /// <summary>H̄, p×K with p = K, one column a class: from the eigenvectors of the Gram matrix, largest first. Formed at each call.</summary>
    public Matrix<double> ClassMeans()
    {
        var eigen = Gram().Evd(Symmetricity.Symmetric);
        int classes = Model.ClassCount;
        return Matrix<double>.Build.Dense(classes, classes, (i, k) =>
            Math.Sqrt(Math.Max(0, eigen.EigenValues[classes - 1 - i].Real)) * eigen.EigenVectors[k, classes - 1 - i]);
    }
}
