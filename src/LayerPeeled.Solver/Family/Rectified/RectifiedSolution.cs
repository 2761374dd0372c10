using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Rectified;

/// <summary>The best point that was found with nonnegative features. Immutable.</summary>
public sealed class RectifiedSolution
{
    private readonly Matrix<double> classifier;
    private readonly Matrix<double> classMeans;

    internal RectifiedSolution(LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans, RectifiedCertificate certificate) =>
        (Model, this.classifier, this.classMeans, Certificate) = (model, classifier, classMeans, certificate);

    /// <summary>The model.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>How the solve ended. <see cref="SolverStatus.Optimal"/> only with a closed certificate; a stationary point may be a local minimum.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>The gap to the global lower bound, from the raw data of the model.</summary>
    public RectifiedCertificate Certificate { get; }

    /// <summary>The objective, penalties included.</summary>
    public double Objective => Certificate.PrimalValue;

    /// <summary>The norm of the projected gradient times that of the point over the objective, in units in which both penalties are alike.</summary>
    public required double Stationarity { get; init; }

    /// <summary>Iterations of all starts together.</summary>
    public required int Iterations { get; init; }

    /// <summary>Starts that were made.</summary>
    public required int Starts { get; init; }

    /// <summary>Time of the solve.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>W, K×p; a copy.</summary>
    public Matrix<double> Classifier => classifier.Clone();

    /// <summary>H̄, p×K, no entry negative; a copy.</summary>
    public Matrix<double> ClassMeans => classMeans.Clone();

    /// <summary>The point over the classes, for norms, angles and distances.</summary>
    public GroupedFactors Factors => GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(Model), classifier, classMeans);
}
