using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Rectified;

/// <summary>
/// The objective in x = (X_W, X_H), Z̃ = c·X_W·X_Hᵀ. With penalties c = 1 and both of them are λ; with budgets, which are used up, c = r/(‖X_W‖·‖X_H‖), and the lengths of both do not matter.
/// Owns its buffers.
/// </summary>
internal sealed class RectifiedObjective
{
    private readonly NuclearNormProgram program;
    private readonly GroupedMatrix logits;
    private readonly GroupedMatrix gradient;
    private readonly double? lambda;
    private readonly int classes;
    private readonly int dimension;

    public RectifiedObjective(LayerPeeledModel model)
    {
        program = NuclearNormProgram.ForClasses(model);
        (logits, gradient) = (program.CreateMatrix(), program.CreateMatrix());
        lambda = (program.Term as NuclearPenalty)?.Lambda;
        (classes, dimension) = (model.ClassCount, model.FeatureDimension);
        FirstFeature = MatrixShape.Length(classes, dimension);
        _ = MatrixShape.Length(2, FirstFeature);
    }

    /// <summary>Where the features begin: X_W, K×p and column-major, is before them, and X_H behind.</summary>
    public int FirstFeature { get; }

    /// <summary>The objective; writes the gradient.</summary>
    public double Evaluate(double[] point, double[] derivative)
    {
        IDenseBackend backend = LinearAlgebraProvider.Backend;
        ReadOnlySpan<double> w = point.AsSpan(0, FirstFeature), h = point.AsSpan(FirstFeature);
        double classifier2 = TensorPrimitives.SumOfSquares(w), feature2 = TensorPrimitives.SumOfSquares(h);
        double scale = lambda is null ? program.Radius / (Math.Sqrt(classifier2) * Math.Sqrt(feature2)) : 1;
        backend.Multiply(false, true, classes, classes, dimension, scale, w, classes, h, classes, 0, logits.Core, classes);
        double loss = program.Gradient(logits, gradient), inner = lambda is null ? gradient.Inner(logits) : 0;
        // What keeps the lengths: the penalty, or the part of the gradient along the point, which is taken out
        double ownClassifier = lambda ?? -inner / classifier2, ownFeature = lambda ?? -inner / feature2;
        point.CopyTo(derivative, 0);
        backend.Multiply(false, false, classes, dimension, classes, scale, gradient.Core, classes, h, classes, ownClassifier, derivative.AsSpan(0, FirstFeature), classes);
        backend.Multiply(true, false, classes, dimension, classes, scale, gradient.Core, classes, w, classes, ownFeature, derivative.AsSpan(FirstFeature), classes);
        return loss + (lambda is { } penalty ? 0.5 * penalty * (classifier2 + feature2) : 0);
    }

    /// <summary>Independent entries, normal and the absolute values of normal ones, that make logits of order one.</summary>
    public double[] RandomStart(Random random)
    {
        double scale = Math.Pow(dimension, -0.25);
        var start = new double[2 * FirstFeature];
        for (int i = 0; i < start.Length; i++)
        {
            double normal = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            start[i] = i < FirstFeature ? normal : Math.Abs(normal);
        }

        return start;
    }

    /// <summary>W and H̄ of a point.</summary>
    public (Matrix<double> Classifier, Matrix<double> ClassMeans) Matrices(double[] point)
    {
        double classifier = program.Term.ClassifierUnit, feature = program.Term.FeatureUnit;
        if (lambda is null)
        {
            double root = Math.Sqrt(program.Radius);
            classifier *= root / TensorPrimitives.Norm<double>(point.AsSpan(0, FirstFeature));
            feature *= root / TensorPrimitives.Norm<double>(point.AsSpan(FirstFeature));
        }

        return (Matrix<double>.Build.Dense(classes, dimension, point[..FirstFeature]) * classifier, Matrix<double>.Build.Dense(dimension, classes, (i, k) =>
            point[FirstFeature + k + (i * classes)] * feature / program.FeatureRoots[k]));
    }
}
