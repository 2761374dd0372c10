using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>
/// A solution as read from a file: the model, the point, and what the file claims about it. Nothing in it has been checked beyond its shape;
/// <see cref="SolutionVerifier"/> does that. A claim that the file leaves null is NaN.
/// </summary>
public sealed record SavedSolution
{
    /// <summary>The model.</summary>
    public required LayerPeeledModel Model { get; init; }

    /// <summary>Names of the classes in their order; null where the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The point over groups of equal classes; null where the file holds W and H̄ class by class.</summary>
    public GroupedFactors? Factors { get; init; }

    /// <summary>W, K×q with q ≤ p; null where the file holds the point over groups.</summary>
    public Matrix<double>? Classifier { get; init; }

    /// <summary>H̄, q×K; null where the file holds the point over groups.</summary>
    public Matrix<double>? ClassMeans { get; init; }

    /// <summary>b, one number a class; null where the model has no bias, or the file holds the point over groups.</summary>
    public Vector<double>? Bias { get; init; }

    /// <summary>How the solve ended, as claimed.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>The average loss and what penalties add to it, as claimed.</summary>
    public required double Objective { get; init; }

    /// <summary>The average loss alone, as claimed; NaN where the model has no penalties.</summary>
    public double MeanLoss { get; init; } = double.NaN;

    /// <summary>A number that the objective does not exceed, as claimed; NaN where the file leaves it out.</summary>
    public double ObjectiveUpperBound { get; init; } = double.NaN;

    /// <summary>The lower bound on the global optimum, as claimed.</summary>
    public required double LowerBound { get; init; }

    /// <summary>Upper bound of the objective minus lower bound, as claimed.</summary>
    public required double AbsoluteGap { get; init; }

    /// <summary>The relative gap, as claimed.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>The relative gap at which the certificate counts as closed.</summary>
    public required double GapTolerance { get; init; }

    /// <summary>λ, as claimed.</summary>
    public required double Multiplier { get; init; }

    /// <summary>n*, as claimed.</summary>
    public required double CriticalClassSize { get; init; }

    /// <summary>log₁₀ of the objective, as claimed; NaN where the file leaves it out.</summary>
    public double Log10Objective { get; init; } = double.NaN;

    /// <summary>log₁₀ of the upper bound of the objective, as claimed; NaN where the file leaves it out.</summary>
    public double Log10ObjectiveUpperBound { get; init; } = double.NaN;

    /// <summary>log₁₀ of the lower bound, as claimed; NaN where the file leaves it out.</summary>
    public double Log10LowerBound { get; init; } = double.NaN;

    /// <summary>log₁₀ of the absolute gap, as claimed; NaN where the file leaves it out.</summary>
    public double Log10AbsoluteGap { get; init; } = double.NaN;

    /// <summary>log₁₀ λ, as claimed; NaN where the file leaves it out.</summary>
    public double Log10Multiplier { get; init; } = double.NaN;

    /// <summary>log₁₀ n*, as claimed; NaN where the file leaves it out.</summary>
    public double Log10CriticalClassSize { get; init; } = double.NaN;

    /// <summary>Classes at or below n*, as claimed.</summary>
    public required int ClassesBelowCriticalSize { get; init; }

    /// <summary>Norms and angles of each group, as claimed.</summary>
    public required IReadOnlyList<Solver.Geometry.GroupGeometry> Groups { get; init; }

    /// <summary>Bias of the classes of each group, as claimed; null where the model has no bias.</summary>
    public IReadOnlyList<double>? GroupBiases { get; init; }

    /// <summary>Cosines between classifiers of two groups, as claimed; null where the file leaves them out.</summary>
    public Matrix<double>? ClassifierCosines { get; init; }

    /// <summary>Cosines between class means of two groups, as claimed; null where the file leaves them out.</summary>
    public Matrix<double>? FeatureCosines { get; init; }

    /// <summary>The point as factors: over groups as saved, or class by class.</summary>
    public GroupedFactors Point()
    {
        if (Factors is not null)
        {
            return Factors;
        }

        return GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(Model), Classifier!, ClassMeans!, Bias);
    }

    /// <summary>The certificate of the point, from its matrices and the model alone: class by class where W and H̄ are there.</summary>
    public DualityCertificate Certify() =>
        Factors is not null ? DualityGap.Certify(Factors) : DualityGap.Certify(Model, Classifier!, ClassMeans!, Bias);
}
