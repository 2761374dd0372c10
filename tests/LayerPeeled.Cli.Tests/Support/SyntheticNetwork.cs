using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A network at the optimum of five classes of 60 examples and five of 2 (R_0 = 12.19 at E_W·E_H = 5), with a little noise.</summary>
internal sealed class SyntheticNetwork
{
    public const int Dimension = 12;
    private const double Noise = 1e-4;

    public SyntheticNetwork(int majority = 60)
    {
        Optimum = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(5, majority), new(5, 2)], 1, 5, Dimension)).EnsureOptimal();
        var random = new Random(3);
        Labels = Enumerable.Range(0, 10).SelectMany(k => Enumerable.Repeat((10L * k) - 7, k < 5 ? majority : 2)).ToArray();
        random.Shuffle(Labels);
        Features = Matrix<double>.Build.Dense(
            Labels.Length, Dimension, (i, j) => Optimum.ClassMeans[j, (int)((Labels[i] + 7) / 10)] + (Noise * (random.NextDouble() - 0.5)));
    }

    public LayerPeeledSolution Optimum { get; }

    public Matrix<double> Features { get; }

    /// <summary>−7, 3, 13, …: neither contiguous nor sorted.</summary>
    public long[] Labels { get; }

    public Matrix<double> Classifier => Optimum.Classifier;

    public string Save(string path, bool singlePrecision = false, bool fortran = false)
    {
        NumpyFiles.Archive(
            path, ("features", NumpyFiles.Matrix(Features, singlePrecision, fortran)), ("labels", NumpyFiles.Labels(Labels)), ("weight", NumpyFiles.Matrix(Classifier, singlePrecision, fortran)));
        return path;
    }
}
