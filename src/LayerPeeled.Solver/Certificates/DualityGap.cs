using System.Numerics.Tensors;
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
    // The second construction is seldom the better one, and costs more: it is for where it costs nothing to speak of.
    private const int LargestAlignment = 64;

    // In larger problems cuts that bring nothing, the most likely ones first, are not worth the products of more of them.
    private const int MaximumMisses = 2;

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
        classifier.ToColumnMajorArray().CopyTo(factors.ClassifierCoreArray, 0);
        classMeans.ToRowMajorArray().CopyTo(factors.FeatureCoreArray, 0);
        return Certify(factors);
    }

    /// <summary>The best certificate of a point (W, H̄) of the nonconvex program.</summary>
    /// <param name="factors">The point. One outside the budgets is scaled back into them first, and the excess reported.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    public static DualityCertificate Certify(GroupedFactors factors, double target = 0)
    {
        ArgumentNullException.ThrowIfNull(factors);
        return factors.Program.IsMerged ? CertifyMerged(factors, target, new double[factors.Program.GroupCount]) : CertifyWithin(factors, target);
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
        if (program.IsMerged)
        {
            return Certify(GroupedFactors.FromLogits(program, logits), target);
        }

        double norm = new AlignedDirections(program, logits).NuclearNorm;
        return Certify(program, logits.Clone(), norm, target, Math.Max(norm / program.Radius, 1), null);
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

    /// <summary>The best certificate of a point within its own program: where that merges groups, the bound holds for the merged model only.</summary>
    internal static DualityCertificate CertifyWithin(GroupedFactors factors, double target) => Certify(factors, target, null);

    /// <summary>
    /// The certificate, for the model itself, of a point of a program with merged groups: the same Y bounds the model, with
    /// p_k = e_k + (ω_merged/ω_k)(p_merged − e_k) for each class, as long as these are distributions.
    /// </summary>
    /// <param name="factors">The point, over a program with merged groups.</param>
    /// <param name="target">A relative gap within the merged model at which to stop looking for a better dual point.</param>
    /// <param name="cost">
    /// Receives, for each block, how much of the gap comes from its classes being merged; +∞ where the bound does not hold.
    /// </param>
    internal static DualityCertificate CertifyMerged(GroupedFactors factors, double target, double[] cost) => Certify(factors, target, cost);

    /// <summary>
    /// The loss of a point with a lower bound that needs no decomposition, loose but valid: for when one has failed. Cross-entropy cannot be negative.
    /// </summary>
    internal static DualityCertificate WithoutDecomposition(GroupedFactors factors)
    {
        DualityCertificate certificate = Certify(factors, 0, null, decompose: false);
        bool isNonNegative = factors.Program.Model.Loss is CrossEntropyLoss;
        // The bound of a program with merged groups is not one of the model.
        double bound = factors.Program.IsMerged ? double.NegativeInfinity : certificate.LowerBound;
        bound = isNonNegative ? Math.Max(0, bound) : bound;
        return certificate with { LowerBound = bound, AbsoluteGap = Math.Max(0, certificate.PrimalValue - bound) };
    }

    private static DualityCertificate Certify(GroupedFactors factors, double target, double[]? cost, bool decompose = true)
    {
        LayerPeeledModel model = factors.Program.Model;
        GroupedMatrix logits = factors.Program.CreateMatrix();
        factors.Product(logits);
        // Each budget on its own: scaling W and H̄ back separately scales Z by the product.
        double classifier = Math.Sqrt(factors.ClassifierNorm2() / (model.ClassCount * model.ClassifierBudget));
        double feature = Math.Sqrt(factors.FeatureNorm2() / (model.ClassCount * model.FeatureBudget));
        double excess = Math.Max(classifier, 1) * Math.Max(feature, 1);
        double bound = classifier * feature * factors.Program.Radius;
        return Certify(factors.Program, logits, Math.Max(bound, excess * factors.Program.Radius), target, excess, cost, decompose);
    }

    private static DualityCertificate Certify(
        NuclearNormProgram program, GroupedMatrix logits, double normBound, double target, double excess, double[]? cost, bool decompose = true)
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
        var point = new DualEvaluation(program, logits, gradient, value, excess);
        DualityCertificate best = decompose ? Best(program, logits, gradient, point, target) : point.WithoutDecomposition();
        if (cost is not null)
        {
            double extra = MergedRemainder.Add(program, gradient, best.SharedDual, cost);
            best = best with { AbsoluteGap = best.AbsoluteGap + extra, LowerBound = best.LowerBound - extra };
        }

        return best;
    }

    private static DualityCertificate Best(
        NuclearNormProgram program, GroupedMatrix logits, GroupedMatrix gradient, DualEvaluation point, double target)
    {
        bool large = program.GroupCount > LargestAlignment && point.Multiplier > 0;
        DualityCertificate? best = null;
        if (!large)
        {
            best = point.Certificate(gradient.Clone(), DualKind.Gradient)!;
            if (best.Closes(target) || !(point.Multiplier > 0))
            {
                return best;
            }
        }

        var levelled = new LevelledGradient(program, gradient);
        int misses = 0;
        foreach (double tolerance in levelled.CandidateTolerances(point.Multiplier))
        {
            DualityCertificate? better = point.Certificate(
                levelled.Dual(point.Multiplier, tolerance), DualKind.Levelled, best?.AbsoluteGap ?? double.PositiveInfinity);
            best = better ?? best;
            misses = better is null ? misses + 1 : 0;
            if (best is not null && best.Closes(target))
            {
                return best;
            }

            if (misses == MaximumMisses && large)
            {
                break;
            }
        }

        if (large)
        {
            // The gradient as it is, whose gap is r·(σ_max − λ), comes last here: far from the optimum it is the better one, near it a bound of its
            // norm is expensive.
            return best is not null && program.Radius * (levelled.LargestValue - point.Multiplier) >= best.AbsoluteGap
                ? best
                : point.Certificate(gradient.Clone(), DualKind.Gradient, best?.AbsoluteGap ?? double.PositiveInfinity) ?? best!;
        }

        var directions = new AlignedDirections(program, logits);
        foreach (double cut in directions.CandidateCuts())
        {
            best = point.Certificate(directions.AlignedDual(gradient, point.Multiplier, cut), DualKind.Aligned, best!.AbsoluteGap) ?? best;
            if (best.Closes(target))
            {
                break;
            }
        }

        return best!;
    }

    private static void RequireFinite(GroupedMatrix logits)
    {
        if (!double.IsFinite(TensorPrimitives.Sum<double>(logits.Core)) || !double.IsFinite(TensorPrimitives.Sum<double>(logits.Spread)))
        {
            throw new ArgumentException("The point has entries that are not finite; a certificate needs finite W and H̄.", nameof(logits));
        }
    }
}
