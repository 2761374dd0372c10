using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// Certificates from points. For any dual Y in the domain of the conjugate, f(Z) − f* ≤ Σ_k ω_k·(L(z_k) + L*(y_k/ω_k) − ⟨y_k/ω_k, z_k⟩)
/// + ⟨Y, Z⟩ + r·σ_max(Y): a Fenchel–Young remainder, zero at Y = ∇f(Z), plus the misfit of Y with the ball; with penalties λ·‖Z‖_* and what Y exceeds λ by
/// take the place of r·σ_max(Y).
/// </summary>
public static class DualityGap
{
    /// <summary>The certificate of classifiers W and class means H̄ given as plain matrices, class by class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    /// <param name="bias">b, length K; null for none. Only for a model that has one.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the model, or an entry is not finite.</exception>
    public static DualityCertificate Certify(LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans, Vector<double>? bias = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Certify(GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(model), classifier, classMeans, bias));
    }

    /// <summary>The best certificate of a point (W, H̄) of the nonconvex program.</summary>
    /// <param name="factors">The point. One outside the budgets is scaled back into them first, and the excess reported.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    public static DualityCertificate Certify(GroupedFactors factors, double target = 0)
    {
        ArgumentNullException.ThrowIfNull(factors);
        DualityCertificate within = CertifyWithin(factors, target);
        return factors.Program.IsMerged ? OfMergedClasses(factors, within, new double[factors.Program.GroupCount]) : within;
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

        if (program.Term is NuclearPenalty)
        {
            return Certify(GroupedFactors.FromLogits(program, logits), target);
        }

        double norm = new AlignedDirections(program, logits).NuclearNorm;
        return Proven(GroupedFactors.FromLogits(program, logits), Certify(program, logits.Clone(), 0, [], norm, target, Math.Max(norm / program.Radius, 1)));
    }

    /// <summary>
    /// Keeps the primal value of <paramref name="point"/> and takes a lower bound of the same model from elsewhere if it is better. A bound of one
    /// above the value of the other by more than rounding is a <see cref="DualityCertificate.Contradiction"/>, which the result and whatever is made of it keep: nothing is proven then.
    /// </summary>
    /// <param name="point">The certificate of the point.</param>
    /// <param name="bound">A certificate of another point of the same model.</param>
    public static DualityCertificate WithBound(DualityCertificate point, DualityCertificate bound)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(bound);
        return BoundCombination.Of(point, bound);
    }

    /// <summary>The best certificate of a point within its own program: where that merges groups, the bound holds for the merged model only.</summary>
    internal static DualityCertificate CertifyWithin(GroupedFactors factors, double target) => Certify(factors, target, decompose: true);

    /// <summary>
    /// The loss of a point with a lower bound that needs no decomposition, loose but valid: for when one has failed. 0 at least for a loss that cannot be
    /// negative.
    /// </summary>
    internal static DualityCertificate WithoutDecomposition(GroupedFactors factors)
    {
        DualityCertificate certificate = Certify(factors, 0, decompose: false);
        // The bound of a program with merged groups is not one of the model.
        return factors.Program.IsMerged ? Proven(factors, certificate with { Kind = DualKind.None }) : certificate;
    }

    private static DualityCertificate Certify(GroupedFactors factors, double target, bool decompose)
    {
        using ProviderScope provider = Checked(factors.Program);
        if (factors.Program.HasTargets && factors.Program.GroupCount > DualSearch.LargestAlignment)
        {
            return TargetGap.Certify(factors, target, decompose);
        }

        GroupedMatrix logits = factors.Program.CreateMatrix();
        FiniteProduct(factors, logits);
        if (factors.Program.Term is NuclearPenalty penalty)
        {
            double term = penalty.Value(factors.ClassifierNorm2(), factors.FeatureNorm2());
            return Proven(factors, Certify(factors.Program, logits, term, factors.BiasArray, 0, target, 1, decompose), decompose);
        }

        (double norm, double excess) = NormBound(factors);
        DualityCertificate certificate = Certify(factors.Program, logits, 0, [], norm, target, excess, decompose);
        return factors.Program.IsMerged ? certificate : Proven(factors, certificate, decompose);
    }

    /// <summary>A bound of ‖Z‖_* by the budgets that a point uses, at least r, and the factor that brings the point back into them.</summary>
    internal static (double Norm, double Excess) NormBound(GroupedFactors factors)
    {
        LayerPeeledModel model = factors.Program.Model;
        // Each budget on its own: scaling W and H̄ back separately scales Z by the product.
        double classifier = Math.Sqrt(factors.ClassifierNorm2() / (model.ClassCount * model.ClassifierBudget));
        double feature = Math.Sqrt(factors.FeatureNorm2() / (model.ClassCount * model.FeatureBudget));
        double excess = Math.Max(classifier, 1) * Math.Max(feature, 1);
        return (Math.Max(classifier * feature * factors.Program.Radius, excess * factors.Program.Radius), excess);
    }

    /// <summary>The dual point that has been chosen, and the point itself, with every rounding bounded.</summary>
    internal static DualityCertificate Proven(GroupedFactors factors, DualityCertificate certificate, bool decompose = true, ReadOnlySpan<double> ratios = default)
    {
        NuclearNormProgram program = factors.Program;
        double upper = PrimalBound.Of(factors, certificate.LogUnit), least = program.Model.Loss.IsNonNegative ? upper : double.PositiveInfinity;
        if (double.IsNaN(upper) || certificate.Kind == DualKind.None || !IsFinite(certificate.SharedDual))
        {
            return certificate.Proven(upper, double.NegativeInfinity, certificate.Sigma, program.Model.Loss.IsNonNegative);
        }

        var dual = new DualBound(program, certificate.SharedDual, certificate.LogUnit, certificate.Sigma, decompose);
        return certificate.Proven(upper, dual.Value(ratios, least), dual.Sigma, program.Model.Loss.IsNonNegative);
    }

    /// <summary>
    /// The certificate, for the model itself, of a point of a program with merged groups, from the one within that program: the same dual point,
    /// adapted to the weight of each class (<see cref="MergedRemainder"/>).
    /// </summary>
    /// <param name="factors">The point, over a program with merged groups.</param>
    /// <param name="within">Its certificate within the program.</param>
    /// <param name="cost">Receives, for each block, how much of the gap comes from its classes being merged.</param>
    internal static DualityCertificate OfMergedClasses(GroupedFactors factors, DualityCertificate within, double[] cost)
    {
        NuclearNormProgram program = factors.Program;
        if (within.Kind == DualKind.None || !program.IsMerged)
        {
            return program.IsMerged ? Proven(factors, within) : within;
        }

        GroupedMatrix logits = program.CreateMatrix(), gradient = program.CreateMatrix();
        FiniteProduct(factors, logits);
        if (program.Model.Loss.IsShiftInvariant)
        {
            logits.CentreColumns();
        }

        program.GradientInUnit(logits, gradient, within.LogUnit);
        var remainder = new MergedRemainder(program, logits, gradient, within);
        double extra = remainder.Total(cost);
        return Proven(factors, within.WithGap(within.Gap + extra, program.Model.Loss.IsNonNegative), ratios: remainder.Ratios);
    }

    private static DualityCertificate Certify(
        NuclearNormProgram program, GroupedMatrix logits, double term, double[] bias, double normBound, double target, double excess, bool decompose = true)
    {
        RequireFinite(logits);
        if (program.Term is NuclearBall && normBound > program.Radius)
        {
            logits.Scale(program.Radius / normBound);
        }

        if (program.Model.Loss.IsShiftInvariant)
        {
            logits.CentreColumns();
        }

        GroupedMatrix gradient = program.CreateMatrix(), all = logits;
        if (bias.Length > 0)
        {
            all = logits.Clone();
            program.AddBias(all, bias);
        }

        double logUnit = program.LogUnit(all), value = program.GradientInUnit(all, gradient, logUnit);
        var point = new DualEvaluation(program, logits, gradient, value, term, bias, excess, logUnit);
        DualityCertificate best = !double.IsFinite(value) || !IsFinite(gradient) ? point.WithoutDual()
            : decompose ? DualSearch.Best(program, logits, gradient, point, target)
            : point.WithoutDecomposition();
        return best.WithGap(best.Gap, program.Model.Loss.IsNonNegative);
    }

    // What the proof of other losses finds out, an estimate does not: it is made without native libraries.
    private static ProviderScope Checked(NuclearNormProgram program)
    {
        double[] zeros = new double[program.GroupCount], multiplicities = program.Sizes.ToArray();
        multiplicities[program.OwnRow(0)] -= 1;
        ILoss loss = program.Losses(0)[0];
        return double.IsNaN(loss.ValueAbove(0, zeros, multiplicities, 0, zeros)) || double.IsNaN(loss.DualValueBelow(multiplicities, 0, zeros))
            ? LinearAlgebraProvider.Pin(new DeferredBackend(() => new ProviderSelection(ManagedBackend.ForProofs(program.GroupCount), [])))
            : LinearAlgebraProvider.Pin();
    }

    private static void FiniteProduct(GroupedFactors factors, GroupedMatrix logits)
    {
        factors.Product(logits);
        if (!IsFinite(logits))
        {
            factors.ProvenProduct(logits);
        }
    }

    internal static bool IsFinite(GroupedMatrix matrix) =>
        double.IsFinite(TensorPrimitives.Sum<double>(matrix.Core)) && double.IsFinite(TensorPrimitives.Sum<double>(matrix.Spread));

    private static void RequireFinite(GroupedMatrix logits)
    {
        if (!IsFinite(logits))
        {
            throw new ArgumentException("The point has entries that are not finite; a certificate needs finite W and H̄.", nameof(logits));
        }
    }
}
