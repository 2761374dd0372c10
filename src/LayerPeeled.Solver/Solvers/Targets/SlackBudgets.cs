using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>
/// The optimum where the budgets leave nothing to be wished for: every target is positive, and the centred log T, which has softmax T, has a nuclear norm of at most r. Then λ = 0.
/// </summary>
/// <param name="Classifier">W, V×q.</param>
/// <param name="Features">H, q×m.</param>
/// <param name="Rank">Common coordinates that they use.</param>
internal sealed record SlackBudgets(Matrix<double> Classifier, Matrix<double> Features, int Rank)
{
    private const double NegligibleValue = 1e-15;

    // Of r, which rounding cannot take ‖Z‖_* over
    private const double Within = 1 - 1e-12;

    private static double Norm2(Matrix<double> matrix) => TensorPrimitives.SumOfSquares<double>(matrix.AsColumnMajorArray());

    /// <summary>The optimum; null where a target is zero, the budgets are tight, or p is too small for it.</summary>
    public static SlackBudgets? Of(SoftTargetModel model)
    {
        SparseColumns targets = model.Targets.Distributions;
        int v = targets.RowCount, m = targets.ColumnCount, q = Math.Min(v, m);
        if (targets.NonZeroCount != (long)v * m)
        {
            return null;
        }

        double[] logits = new double[MatrixShape.Length(v, m)], left = new double[MatrixShape.Length(v, q)], right = new double[MatrixShape.Length(q, m)], values = new double[q];
        for (int c = 0; c < m; c++)
        {
            Span<double> column = logits.AsSpan(c * v, v);
            TensorPrimitives.Log(targets.ValuesOf(c), column);
            TensorPrimitives.Subtract(column, TensorPrimitives.Sum<double>(column) / v, column);
        }

        LinearAlgebraProvider.Backend.SingularValueDecomposition(v, m, logits, left, values, right);
        int rank = values.Count(value => value > NegligibleValue * q * values[0]);
        if (!(TensorPrimitives.Sum<double>(values) <= Within * model.Radius) || rank > model.FeatureDimension)
        {
            return null;
        }

        // W = c·U·S^½, H = S^½·Vᵀ/c with c² = √(V·E_W/(m·E_H)): both budgets are used alike
        double balance = Math.Sqrt(Math.Sqrt(v * model.ClassifierBudget / (m * model.FeatureBudget)));
        Matrix<double> classifier = Matrix<double>.Build.Dense(v, model.FeatureDimension, (j, i) => i < rank ? balance * Math.Sqrt(values[i]) * left[j + (i * v)] : 0);
        Matrix<double> features = Matrix<double>.Build.Dense(model.FeatureDimension, m, (i, c) => i < rank ? Math.Sqrt(values[i]) / balance * right[i + (c * q)] : 0);
        // Singular vectors of a native library need not be of length one.
        return Norm2(classifier) <= v * model.ClassifierBudget && Norm2(features) <= m * model.FeatureBudget ? new SlackBudgets(classifier, features, rank) : null;
    }
}
