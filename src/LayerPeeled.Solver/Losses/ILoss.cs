using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// A differentiable classification loss of one example, convex unless <see cref="IsConvex"/> says otherwise, evaluated on (logit, multiplicity) pairs so that the full
/// program and the symmetry-reduced one share an implementation: besides its own logit the example sees the logit
/// <c>logits[g]</c> from <c>multiplicities[g]</c> other classes. Multiplicity zero means that the entry is ignored.
/// </summary>
/// <remarks>
/// Gradients and duals are per single class: <c>gradient[g]</c> is the derivative in the logit of ONE of the
/// <c>multiplicities[g]</c> classes. All methods are thread-safe and allocate nothing. Destinations come last and may not overlap the inputs.
/// </remarks>
public interface ILoss
{
    /// <summary>Name of the loss, as stored in results (for example <c>cross-entropy</c>).</summary>
    string Name { get; }

    /// <summary>Whether adding one number to all logits leaves the loss as it is. Columns of Z may then be centred freely.</summary>
    bool IsShiftInvariant { get; }

    /// <summary>Whether the loss is convex in the logits. One that is not has no certificate, and its solutions are local ones.</summary>
    bool IsConvex => true;

    /// <summary>
    /// Whether the gradient does not say all that the Hessian and the remainder depend on: then <see cref="CurvatureProduct(double, ReadOnlySpan{double}, double, ReadOnlySpan{double}, ReadOnlySpan{double}, double, ReadOnlySpan{double}, out double, Span{double})"/>
    /// and the remainder are asked with the logits.
    /// </summary>
    bool NeedsLogits => false;

    /// <summary>Whether the loss is never negative, as cross-entropy: then 0 is a lower bound. False unless a loss says so.</summary>
    bool IsNonNegative => false;

    /// <summary>
    /// Whether the loss of an example depends on its class beyond the place of the own logit: then <see cref="OfClass"/> gives that of each class. Groups with
    /// different parameters are not merged.
    /// </summary>
    bool DependsOnClass => false;

    /// <summary>
    /// κ of the collapse law: equal classes share one classifier if and only if κ·ω_k/√ρ_k ≤ λ. 1 of cross-entropy and half the squared error. NaN of a loss whose κ
    /// depends on the point: it is then the own derivative less that of a sibling, with its sign changed, where both have the same logit.
    /// </summary>
    double CollapseFactor => 1;

    /// <summary>Whether L is 0 where the own logit is 1 and the others are 0, as a squared error: budgets in which Z = I fits leave nothing to solve.</summary>
    bool VanishesAtTarget => false;

    /// <summary>
    /// The own logit at which, with all others at 0, the loss of an example of one of K classes is least; +∞ of a loss that has no finite minimiser. Budgets in which those
    /// logits fit leave nothing to solve.
    /// </summary>
    /// <param name="classes">K.</param>
    double LeastAt(double classes) => VanishesAtTarget ? 1 : double.PositiveInfinity;

    /// <summary>The second derivative in each logit, where the Hessian is that number times the identity everywhere, as of a squared error; null of others.</summary>
    double? ConstantCurvature => null;

    /// <summary>The loss of the examples of one class, with the parameters that belong to the classes; the loss itself where it has none.</summary>
    /// <param name="classes">How many classes each entry of the spans of logits stands for.</param>
    /// <param name="counts">Examples of each of these classes.</param>
    /// <param name="own">The entry to whose classes the example belongs.</param>
    ILoss OfClass(ReadOnlySpan<double> classes, ReadOnlySpan<double> counts, int own) => this;

    /// <summary>The loss L(z).</summary>
    double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities);

    /// <summary>The loss and its derivatives in the own logit and in each other logit.</summary>
    /// <returns>L(z).</returns>
    double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient);

    /// <summary>
    /// The Hessian times a direction that moves the own logit by <paramref name="ownDirection"/> and each class of kind g by <c>direction[g]</c>,
    /// given the gradient at the point.
    /// </summary>
    void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product);

    /// <summary>The same with the logits at hand, for a loss that <see cref="NeedsLogits"/>.</summary>
    void CurvatureProduct(
        double ownLogit, ReadOnlySpan<double> logits, double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product) =>
        CurvatureProduct(ownGradient, gradient, multiplicities, ownDirection, direction, out ownProduct, product);

    /// <summary>
    /// The Fenchel–Young remainder L(z) + L*(y) − ⟨y, z⟩ ≥ 0 between a point and a dual y, computed without cancellation:
    /// for cross-entropy the divergence KL(p‖softmax z). +∞ when y is outside the domain of the conjugate L*, and for a loss that knows none: its points
    /// have no certificate.
    /// A shift-invariant loss takes the own dual for what the others imply, minus their weighted sum.
    /// </summary>
    /// <param name="ownGradient">Derivative in the own logit at z, from <see cref="Gradient"/>.</param>
    /// <param name="gradient">Derivatives in the other logits at z, from <see cref="Gradient"/>.</param>
    /// <param name="multiplicities">How many classes each entry stands for.</param>
    /// <param name="ownDual">The dual y in the own logit.</param>
    /// <param name="dual">The dual y in the other logits, per single class.</param>
    double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual) =>
        double.PositiveInfinity;

    /// <summary>The same with the logits at hand, for a loss that <see cref="NeedsLogits"/>.</summary>
    double FenchelYoung(
        double ownLogit, ReadOnlySpan<double> logits, double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDual, ReadOnlySpan<double> dual) => FenchelYoung(ownGradient, gradient, multiplicities, ownDual, dual);

    /// <summary>Moves a dual into the domain of the conjugate, in place, changing it as little as is practical.</summary>
    /// <param name="multiplicities">How many classes each entry stands for.</param>
    /// <param name="ownDual">The dual in the own logit; for a shift-invariant loss what the others imply takes its place.</param>
    /// <param name="dual">The dual in the other logits, per single class.</param>
    void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
    }

    /// <summary>
    /// The own entry of a dual: what the others imply for a loss whose conjugate is finite for one alone, minus their weighted sum where it is shift-invariant; for any other
    /// loss the number given.
    /// </summary>
    /// <param name="multiplicities">How many classes each entry stands for.</param>
    /// <param name="ownDual">The dual in the own logit.</param>
    /// <param name="dual">The dual in the other logits, per single class, in the domain of the conjugate.</param>
    /// <param name="excess">What the result may be off by beside 4·2⁻⁵³ relatively: 0 where the other entries are not negative and are summed as they are.</param>
    double OwnDual(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual, out double excess)
    {
        excess = 0;
        return IsShiftInvariant ? -Rounding.SumOfProducts(multiplicities, dual) : ownDual;
    }

    /// <summary>
    /// A number not below L(z) in exact arithmetic, for all logits within given distances of those given: what a proof needs, every rounding allowed for.
    /// NaN for a loss that cannot say, whose certificates are then estimates to rounding and not proofs.
    /// </summary>
    /// <param name="ownLogit">The own logit.</param>
    /// <param name="logits">The other logits.</param>
    /// <param name="multiplicities">How many classes each entry stands for.</param>
    /// <param name="ownError">How far the own logit may be off.</param>
    /// <param name="errors">How far each of the others may be off.</param>
    double ValueAbove(
        double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, double ownError, ReadOnlySpan<double> errors) => double.NaN;

    /// <summary>
    /// A number not above −L*(y) in exact arithmetic, the least value of L(z) − ⟨y, z⟩, for the dual with exactly these entries and, for a loss whose
    /// others imply it (<see cref="OwnDual"/>), exactly that own entry. −∞ outside the domain of the conjugate, NaN for a loss that cannot say.
    /// </summary>
    /// <param name="multiplicities">How many classes each entry stands for.</param>
    /// <param name="ownDual">The dual in the own logit, exactly; not looked at where the others imply it.</param>
    /// <param name="dual">The dual in the other logits, per single class.</param>
    double DualValueBelow(ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual) => double.NaN;

    /// <summary>
    /// A number that z_j − z_own does not exceed for any j where L(z) ≤ <paramref name="value"/>, for a shift-invariant loss; for another |z_j| does not. What a
    /// free bias needs for its certificate; +∞ for a loss that cannot say.
    /// </summary>
    double LargestLogit(double value) => double.PositiveInfinity;

    /// <summary>
    /// log u of a unit u in which L(z) and its derivatives are of order one where they, or their squares, are too small for a double; 0
    /// wherever they are not. A loss that knows no other unit than 1 leaves it at that.
    /// </summary>
    double LogUnit(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities) => 0;

    /// <summary>The same loss in a unit: L/u.</summary>
    /// <param name="logUnit">log u: 0, or a value of <see cref="LogUnit"/>.</param>
    ILoss InUnit(double logUnit) => logUnit == 0 ? this : throw new NotSupportedException($"The loss '{Name}' has no other unit than 1.");
}
