using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>Σ_c ω_c·KL(t_c‖softmax(W·h_c)) of any matrices.</summary>
internal static class TargetExcess
{
    /// <summary>The excess, and a number not below it in exact arithmetic.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="classifier">W, V×p.</param>
    /// <param name="features">H, p×m.</param>
    public static (double Value, double Above) Of(SoftTargets targets, Matrix<double> classifier, Matrix<double> features)
    {
        double[] logits = new double[MatrixShape.Length(targets.Tokens, targets.Contexts)];
        ManagedBackend.ForProofs(Math.Max(targets.Tokens, targets.Contexts)).Multiply(
            false, false, targets.Tokens, targets.Contexts, classifier.ColumnCount, 1, classifier.ToColumnMajorArray(), targets.Tokens,
            features.ToColumnMajorArray(), classifier.ColumnCount, 0, logits, targets.Tokens);
        Vector<double> rows = classifier.RowNorms(2), columns = features.ColumnNorms(2);
        // of a product of p terms in any order, and of the norms
        double rounding = Rounding.Gamma((2 * classifier.ColumnCount) + 8), value = 0, above = 0;
        var loss = new SoftTargetLoss(targets.Columns);
        double[] multiplicities = new double[targets.Tokens], errors = new double[targets.Tokens];
        Array.Fill(multiplicities, 1);
        for (int c = 0; c < targets.Contexts; c++)
        {
            var column = (SoftTargetLoss)loss.OfClass(multiplicities, multiplicities, c);
            ReadOnlySpan<double> z = logits.AsSpan(c * targets.Tokens, targets.Tokens);
            for (int j = 0; j < errors.Length; j++)
            {
                errors[j] = rounding * rows[j] * columns[c];
            }

            multiplicities[column.OwnRow] = 0;
            value += targets.Weights[c] * column.Value(z[column.OwnRow], z, multiplicities);
            above += targets.Weights[c] * column.ValueAbove(z[column.OwnRow], z, multiplicities, errors[column.OwnRow], errors);
            multiplicities[column.OwnRow] = 1;
        }

        return (value, above * (1 + Rounding.Gamma(4 * (targets.Contexts + 4))));
    }
}
