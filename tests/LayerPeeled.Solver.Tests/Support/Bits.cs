using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Rectified;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Digests of the bits of results: equal where every number is.</summary>
internal static class Bits
{
    public static string Of(LayerPeeledSolution solution) => Of(
        [solution.Classifier, solution.ClassMeans, solution.ClassifierCosines],
        solution.Objective, solution.Certificate.LowerBound, solution.Multiplier, solution.GeometryError, solution.Iterations, (int)solution.Status);

    public static string Of(SoftTargetSolution solution) => Of(
        [solution.Classifier, solution.Features], solution.Objective, solution.ExcessLowerBound, solution.Multiplier, solution.Iterations, (int)solution.Status);

    public static string Of(ContrastiveSolution solution) => Of([solution.Cosines], solution.Objective, solution.Certificate.LowerBound, solution.Iterations);

    public static string Of(SphericalSolution solution) => Of([solution.Classifier, solution.ClassMeans], solution.Objective, solution.LowerBound, solution.Iterations);

    public static string Of(RectifiedSolution solution) => Of([solution.Classifier, solution.ClassMeans], solution.Objective, solution.Certificate.LowerBound, solution.Iterations);

    public static string Of(DeepFeaturesSolution solution) => Of([solution.ClassMeans], solution.Objective, solution.Stationarity, solution.Iterations);

    public static string Of(SweepResult sweep) => Of([], [.. sweep.Points.SelectMany(point => new[]
    {
        point.Objective, point.RelativeGap, point.Multiplier, point.Classifier.MinorityCosine, point.Feature.MinorityNorm2,
    })]);

    public static string Of(IEnumerable<Matrix<double>> matrices, params double[] numbers)
    {
        double[] all = [.. numbers, .. matrices.SelectMany(matrix => matrix.ToColumnMajorArray())];
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(all.AsSpan())));
    }
}
