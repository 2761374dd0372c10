using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>A run that keeps the features of examples.</summary>
internal interface ISampleFeatures
{
    /// <summary>The features of every example at the point that the loop returns; null for class means. Ends the run.</summary>
    Matrix<double>? KeptFeatures();
}
