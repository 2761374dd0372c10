using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// <see cref="DualityGap"/> for targets that are distributions, of which there may be thousands: Z is never written out beside its gradient, ⟨Y, Z⟩ comes from the factors, and
/// the certificate keeps no dual point, for which nobody can ask.
/// </summary>
internal static class TargetGap
{
    /// <summary>The best certificate of a point of a program with more than <see cref="DualSearch.LargestAlignment"/> columns, and budgets.</summary>
    /// <param name="factors">The point.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    /// <param name="decompose">False for a loose bound that needs no decomposition.</param>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static DualityCertificate Certify(GroupedFactors factors, double target, bool decompose)
    {
        DualityCertificate best = Best(factors, target, decompose);
        return DualityGap.Proven(factors, best, decompose) with { Dual = new GroupedMatrix([]) };
    }

    // A method of its own: the gradient is let go before the proof.
    private static DualityCertificate Best(GroupedFactors factors, double target, bool decompose)
    {
        NuclearNormProgram program = factors.Program;
        int n = program.GroupCount, rank = factors.Rank;
        (double norm, double excess) = DualityGap.NormBound(factors);
        double[] classifier = Centred(factors), feature = factors.FeatureCoreArray;
        if (!double.IsFinite(TensorPrimitives.Sum<double>(classifier)) || !double.IsFinite(TensorPrimitives.Sum<double>(feature)))
        {
            throw new ArgumentException("The point has entries that are not finite; a certificate needs finite W and H̄.", nameof(factors));
        }

        TensorPrimitives.Multiply(classifier, Math.Min(1, program.Radius / norm), classifier);
        GroupedMatrix gradient = program.CreateMatrix();
        LinearAlgebraProvider.Backend.Multiply(false, true, n, n, rank, 1, classifier, n, feature, n, 0, gradient.Core, n);
        // Column by column each is read before it is written.
        double logUnit = program.LogUnit(gradient), value = program.GradientInUnit(gradient, gradient, logUnit);
        var point = new DualEvaluation(program, InnerWithLogits, gradient, value, 0, [], excess, logUnit);
        DualityCertificate best = !double.IsFinite(value) || !DualityGap.IsFinite(gradient) ? point.WithoutDual()
            : decompose ? DualSearch.Best(program, null, gradient, point, target, feature)
            : point.WithoutDecomposition();
        return best.WithGap(best.Gap, program.Model.Loss.IsNonNegative);

        // ⟨Y, U·Vᵀ⟩ = ⟨U, Y·V⟩
        double InnerWithLogits(GroupedMatrix matrix)
        {
            double[] image = new double[classifier.Length];
            LinearAlgebraProvider.Backend.Multiply(false, false, n, rank, n, 1, matrix.Core, n, feature, n, 0, image, n);
            return TensorPrimitives.Dot<double>(classifier, image);
        }
    }

    // U with columns that sum to zero: a shift of all logits of a context, which no loss can tell
    private static double[] Centred(GroupedFactors factors)
    {
        int n = factors.Program.GroupCount;
        double[] classifier = [.. factors.ClassifierCore];
        for (int i = 0; i < factors.Rank; i++)
        {
            Span<double> column = classifier.AsSpan(i * n, n);
            TensorPrimitives.Subtract(column, TensorPrimitives.Sum<double>(column) / n, column);
        }

        return classifier;
    }
}
