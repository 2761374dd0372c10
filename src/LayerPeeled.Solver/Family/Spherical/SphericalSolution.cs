using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>The best point of several descents, with a lower bound of the optimum and its geometry. Immutable and thread-safe: matrices are formed at each call.</summary>
public sealed class SphericalSolution
{
    private readonly Matrix<double> classifier;
    private readonly Matrix<double> classMeans;

    internal SphericalSolution(SphericalModel model, ReadOnlySpan<double> vectors)
    {
        Model = model;
        int p = model.Dimension, n = model.ClassCount;
        classifier = Matrix<double>.Build.DenseOfColumnMajor(p, n, vectors[..(p * n)].ToArray()).Transpose();
        classMeans = Matrix<double>.Build.DenseOfColumnMajor(p, n, vectors[(p * n)..].ToArray());
        // The norms stand in for budgets, which decide what is too short to have a direction.
        var budgets = new Budgets(Math.Pow(classifier.FrobeniusNorm(), 2) / n, Math.Pow(classMeans.FrobeniusNorm(), 2) / n);
        NuclearNormProgram program = NuclearNormProgram.ForClasses(model.Classes.WithRegulariser(budgets));
        var geometry = new ClassGeometry(GroupedFactors.OfClasses(program, classifier, classMeans), 0);
        Groups = geometry.Groups.Select(group => new SphericalGroup
        {
            Classes = group.Classes,
            Count = group.Count,
            LossWeight = group.LossWeight,
            ClassifierNorm2 = group.ClassifierNorm2,
            FeatureNorm2 = group.FeatureNorm2,
            ClassifierCosine = group.ClassifierCosine,
            LeastClassifierCosine = group.LeastClassifierCosine,
            LargestClassifierCosine = group.LargestClassifierCosine,
            FeatureCosine = group.FeatureCosine,
            LeastFeatureCosine = group.LeastFeatureCosine,
            LargestFeatureCosine = group.LargestFeatureCosine,
        }).ToArray();
        Matrix<double> logits = classifier * classMeans;
        Margin = Enumerable.Range(0, n).Min(k => logits[k, k] - Enumerable.Range(0, n).Where(j => j != k).Max(j => logits[j, k]));
    }

    /// <summary>The model that was solved.</summary>
    public SphericalModel Model { get; }

    /// <summary>
    /// How the solve ended: <see cref="SolverStatus.Optimal"/> where the lower bound proves the best point globally optimal, <see cref="SolverStatus.Stationary"/> where it is
    /// stationary and nothing more is known.
    /// </summary>
    public required SolverStatus Status { get; init; }

    /// <summary>The loss at the best point.</summary>
    public required double Objective { get; init; }

    /// <summary>
    /// A number not above the least loss, by proof: of multipliers of the squared norms, or of the nuclear-norm relaxation. 0 where neither says anything, as for q ≠ 2.
    /// </summary>
    public required double LowerBound { get; init; }

    /// <summary>What the loss may be above the optimum, over the loss.</summary>
    public double RelativeGap => Math.Max(0, Objective - LowerBound) / Objective;

    /// <summary>The loss at which each descent ended, in the order of the starts.</summary>
    public required IReadOnlyList<double> StartObjectives { get; init; }

    /// <summary>Iterations of all descents.</summary>
    public required int Iterations { get; init; }

    /// <summary>Norms and angles of each group, in the order of <see cref="SphericalModel.Groups"/>.</summary>
    public IReadOnlyList<SphericalGroup> Groups { get; }

    /// <summary>The least ⟨w_k − w_j, h_k⟩ over all classes k and other classes j.</summary>
    public double Margin { get; }

    /// <summary>W, K×p; a copy.</summary>
    public Matrix<double> Classifier => classifier.Clone();

    /// <summary>H̄, p×K, one column a class; a copy.</summary>
    public Matrix<double> ClassMeans => classMeans.Clone();
}
