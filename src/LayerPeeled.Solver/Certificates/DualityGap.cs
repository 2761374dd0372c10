using System.Buffers;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// Certificates from points. For any dual Y in the domain of the conjugate, f(Z) − f* ≤ Σ_k ω_k·(L(z_k) + L*(y_k/ω_k) − ⟨y_k/ω_k, z_k⟩)
/// + ⟨Y, Z⟩ + r·σ_max(Y): a Fenchel–Young remainder, zero at Y = ∇f(Z), plus the misfit of Y with the ball.
/// </summary>
public static class DualityGap
{
    /// <summary>The certificate of classifiers W and class means H̄ given as plain matrices, class by class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the model, or an entry is not finite.</exception>
    public static DualityCertificate Certify(LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(classMeans);
        int k = model.ClassCount, p = classifier.ColumnCount;
        if (classifier.RowCount != k || classMeans.ColumnCount != k || classMeans.RowCount != p)
        {
            throw new ArgumentException(
                $"W must be K×p and H̄ p×K with K = {k}; got {classifier.RowCount}×{p} and {classMeans.RowCount}×{classMeans.ColumnCount}.", nameof(classifier));
        }

        var factors = new GroupedFactors(NuclearNormProgram.ForClasses(model), p);
        classifier.ToColumnMajorArray().CopyTo(factors.ClassifierCore, 0);
        classMeans.ToRowMajorArray().CopyTo(factors.FeatureCore, 0);
        return Certify(factors);
    }

    /// <summary>The best certificate of a point (W, H̄) of the nonconvex program.</summary>
    /// <param name="factors">The point. One outside the budgets is scaled back into them first, and the excess reported.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    public static DualityCertificate Certify(GroupedFactors factors, double target = 0)
    {
        ArgumentNullException.ThrowIfNull(factors);
        LayerPeeledModel model = factors.Program.Model;
        GroupedMatrix logits = factors.Program.CreateMatrix();
        factors.Product(logits);
        // Each budget on its own: scaling W and H̄ back separately scales Z by the product.
        double classifier = Math.Sqrt(factors.ClassifierNorm2() / (model.ClassCount * model.ClassifierBudget));
        double feature = Math.Sqrt(factors.FeatureNorm2() / (model.ClassCount * model.FeatureBudget));
        double excess = Math.Max(classifier, 1) * Math.Max(feature, 1);
        double bound = classifier * feature * factors.Program.Radius;
        return Certify(factors.Program, logits, Math.Max(bound, excess * factors.Program.Radius), target, excess);
    }

    /// <summary>The best certificate of a point Z of the nuclear-norm program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="logits">Z; not changed. One outside the ball is scaled back onto it first, and the excess reported.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    public static DualityCertificate Certify(NuclearNormProgram program, GroupedMatrix logits, double target = 0)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(logits);
        RequireFinite(logits);
        double norm = new AlignedDirections(program, logits).NuclearNorm;
        return Certify(program, logits.Clone(), norm, target, Math.Max(norm / program.Radius, 1));
    }

    /// <summary>Keeps the primal value of <paramref name="point"/> and takes a lower bound of the same model from elsewhere if it is better.</summary>
    /// <param name="point">The certificate of the point.</param>
    /// <param name="bound">A certificate of another point of the same model.</param>
    public static DualityCertificate WithBound(DualityCertificate point, DualityCertificate bound)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(bound);
        double gap = Math.Max(0, point.PrimalValue - bound.LowerBound);
        return bound.LowerBound <= point.LowerBound || gap >= point.AbsoluteGap
            ? point
            : bound with
            {
                PrimalValue = point.PrimalValue,
                Multiplier = point.Multiplier,
                AbsoluteGap = gap,
                Kind = DualKind.Inherited,
                ConstraintViolation = point.ConstraintViolation,
            };
    }

    /// <summary>
    /// The certificate, for the model itself, of a point of a program with merged groups: the same Y bounds the model, with
    /// p_k = e_k + (ω_merged/ω_k)(p_merged − e_k) for each class, as long as these are distributions.
    /// </summary>
    /// <param name="factors">The point, over a program with merged groups.</param>
    /// <param name="merged">Its certificate as a point of that program.</param>
    /// <param name="excess">
    /// Receives, for each block, how much of the gap comes from its classes being merged; +∞ where the bound does not hold.
    /// </param>
    public static DualityCertificate CertifyMerged(GroupedFactors factors, DualityCertificate merged, Span<double> excess)
    {
        ArgumentNullException.ThrowIfNull(factors);
        ArgumentNullException.ThrowIfNull(merged);
        NuclearNormProgram program = factors.Program;
        GroupedMatrix logits = program.CreateMatrix(), gradient = program.CreateMatrix();
        factors.Product(logits);
        program.Gradient(logits, gradient);
        double extra = MergedRemainder.Add(program, gradient, merged.Dual, excess);
        return merged with
        {
            AbsoluteGap = merged.AbsoluteGap + extra,
            LowerBound = merged.PrimalValue - merged.AbsoluteGap - extra,
        };
    }

    private static DualityCertificate Certify(NuclearNormProgram program, GroupedMatrix logits, double normBound, double target, double excess)
    {
        RequireFinite(logits);
        if (normBound > program.Radius)
        {
            logits.Scale(program.Radius / normBound);
        }

        if (program.Model.Loss.IsShiftInvariant)
        {
            logits.CentreColumns();
        }

        GroupedMatrix gradient = program.CreateMatrix();
        double value = program.Gradient(logits, gradient);
        double multiplier = -gradient.Inner(logits) / program.Radius;
        DualityCertificate best = FromDual(program, logits, gradient, value, gradient.Clone(), multiplier, excess, DualKind.Gradient);
        if (best.Closes(target) || !(multiplier > 0))
        {
            return best;
        }

        var directions = new AlignedDirections(program, logits);
        foreach (double cut in directions.CandidateCuts())
        {
            GroupedMatrix dual = directions.AlignedDual(gradient, multiplier, cut);
            DualityCertificate aligned = FromDual(program, logits, gradient, value, dual, multiplier, excess, DualKind.Aligned);
            if (aligned.AbsoluteGap < best.AbsoluteGap)
            {
                best = aligned;
            }

            if (best.Closes(target))
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The certificate that a dual proposal gives at Z, after it was moved into the domain of the conjugate.</summary>
    internal static DualityCertificate FromDual(
        NuclearNormProgram program, GroupedMatrix logits, GroupedMatrix gradient, double value, GroupedMatrix dual,
        double multiplier, double excess, DualKind kind)
    {
        double remainder = MakeFeasible(program, gradient, dual);
        int n = program.GroupCount;
        double sigma = SpectralNorm.UpperBound(n, n, dual.Core, multiplier);
        for (int g = 0; g < n; g++)
        {
            if (program.Sizes[g] > 1)
            {
                sigma = Math.Max(sigma, Math.Abs(dual.Spread[g]));
            }
        }

        // Rounding of the three sums: a few units in the last place of their largest terms.
        double scale = (program.Radius * sigma) + Math.Abs(value);
        double allowance = 4e-16 * scale;
        double gap = Math.Max(0, remainder + dual.Inner(logits) + (program.Radius * sigma)) + allowance;
        LayerPeeledModel model = program.Model;
        double ratio = Math.Sqrt(model.ClassifierBudget / model.FeatureBudget);
        return new DualityCertificate
        {
            PrimalValue = value,
            LowerBound = value - gap,
            AbsoluteGap = gap,
            Multiplier = multiplier,
            DualNorm = sigma,
            Kind = kind,
            ConstraintViolation = excess - 1,
            ClassifierMultiplier = sigma / 2 / ratio,
            FeatureMultiplier = sigma / 2 * ratio,
            Dual = dual,
        };
    }

    // Moves each column into the domain of L*, writes it back, and returns Σ_h K_h ω_h (Fenchel–Young remainder).
    private static double MakeFeasible(NuclearNormProgram program, GroupedMatrix gradient, GroupedMatrix dual)
    {
        int n = program.GroupCount;
        ILoss loss = program.Model.Loss;
        double[] rented = ArrayPool<double>.Shared.Rent(3 * n);
        Span<double> slope = rented.AsSpan(0, n), column = rented.AsSpan(n, n), multiplicities = rented.AsSpan(2 * n, n);
        program.Sizes.CopyTo(multiplicities);
        double remainder = 0;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                dual.Core.AsSpan(h * n, n).Clear();
                dual.Spread[h] = 0;
                continue;
            }

            multiplicities[h] -= 1;
            double ownSlope = program.ReadGradient(gradient, h, slope);
            program.ReadGradient(dual, h, column);
            double own = loss.RepairDual(multiplicities, column);
            program.WriteColumn(dual, h, own, column);
            remainder += program.Sizes[h] * program.Weights[h] * loss.FenchelYoung(ownSlope, slope, multiplicities, column);
            multiplicities[h] += 1;
        }

        ArrayPool<double>.Shared.Return(rented);
        return remainder;
    }

    private static void RequireFinite(GroupedMatrix logits)
    {
        if (!double.IsFinite(TensorPrimitives.Sum<double>(logits.Core)) || !double.IsFinite(TensorPrimitives.Sum<double>(logits.Spread)))
        {
            throw new ArgumentException("The point has entries that are not finite; a certificate needs finite W and H̄.", nameof(logits));
        }
    }
}
