using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.DeepFeatures;

/// <summary>A local solution with several linear layers. Nothing is proven of it but what its numbers say. Immutable.</summary>
public sealed class DeepFeaturesSolution
{
    private const double RankTolerance = 1e-6;
    private readonly Matrix<double>[] layers;
    private readonly Matrix<double> classMeans;

    internal DeepFeaturesSolution(DeepProgram program, Matrix<double>[] layers, Matrix<double> classMeans)
    {
        (Program, this.layers, this.classMeans) = (program, layers, classMeans);
        NuclearNormProgram classes = NuclearNormProgram.ForClasses(program.Model);
        GroupedMatrix logits = classes.CreateMatrix();
        Logits().ToColumnMajorArray().CopyTo(logits.Core, 0);
        for (int k = 0; k < classes.GroupCount; k++)
        {
            Span<double> column = logits.Core.AsSpan(k * classes.GroupCount, classes.GroupCount);
            TensorPrimitives.Multiply(column, classes.FeatureRoots[k], column);
        }

        SingularValues = GroupedSpectrum.Of(logits).Values.ToArray();
        Loss = classes.Value(logits);
        LeastObjective = program.Value(classes, logits);
    }

    /// <summary>The program.</summary>
    public DeepProgram Program { get; }

    /// <summary>How the descent ended: never <see cref="SolverStatus.Optimal"/>.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>The objective, penalties included.</summary>
    public required double Objective { get; init; }

    /// <summary>The average loss alone.</summary>
    public double Loss { get; }

    /// <summary>
    /// The objective of the cheapest factors with the same logits, from their singular values; equal to <see cref="Objective"/> where the layers are balanced, as at
    /// every stationary point.
    /// </summary>
    public double LeastObjective { get; }

    /// <summary>The norm of the gradient times that of the point over the objective, in units in which all penalties are alike.</summary>
    public required double Stationarity { get; init; }

    /// <summary>Iterations of all starts together.</summary>
    public required int Iterations { get; init; }

    /// <summary>The objective that each start ended with, in their order.</summary>
    public required IReadOnlyList<double> ObjectiveOfStarts { get; init; }

    /// <summary>Time of the solve.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The singular values of Z·diag(√ρ), largest first.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>How many of them are above a millionth of the largest: K − 1 for collapsed classes.</summary>
    public int Rank => SingularValues[0] > 0 ? SingularValues.Count(value => value > RankTolerance * SingularValues[0]) : 0;

    /// <summary>W_M (K×p), W_{M−1}, …, W_1 (p×p). Copies.</summary>
    public IReadOnlyList<Matrix<double>> Layers => Array.ConvertAll(layers, layer => layer.Clone());

    /// <summary>H̄, p×K. A copy.</summary>
    public Matrix<double> ClassMeans => classMeans.Clone();

    /// <summary>Z = W_M⋯W_1·H̄, K×K. Formed at each call.</summary>
    public Matrix<double> Logits() => layers.Aggregate((product, layer) => product * layer) * classMeans;
}
