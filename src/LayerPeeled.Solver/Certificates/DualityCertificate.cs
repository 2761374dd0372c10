using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// A proof of how far a feasible point is from the global optimum, recomputed from the raw data of the program: a primal value f(Z) at a
/// point with ‖Z‖_* ≤ r, and a dual point Y whose value −f*(Y) − r·σ_max(Y) bounds the optimum from below. Valid for the nonconvex
/// program too, since each of its points (W, H̄) maps to Z = W·H̄ in the ball. With penalties the primal value is f(Z) and what they cost, and the bound
/// −f*(Y) for σ_max(Y) ≤ λ, less what Y exceeds that by and what it costs for a bias.
/// </summary>
/// <remarks>
/// Losses of large budgets are smaller than any double, 1e-4826 for instance. Then everything is held in one unit u = e^<see cref="LogUnit"/>: the
/// gap is as meaningful as ever, properties that are doubles may be zero, and those in logarithms are always right.
/// </remarks>
public sealed record DualityCertificate
{
    // Terms of a loss without units lose digits below.
    private const double SmallestValue = 1e-303;
    private static readonly double LogTen = Math.Log(10);
    private readonly GroupedMatrix dual = null!;

    internal DualityCertificate()
    {
    }

    /// <summary>log u of the unit u in which <see cref="Dual"/> is held: 0, or negative where losses are too small for a double.</summary>
    public double LogUnit { get; internal init; }

    /// <summary>The objective of the point, its average loss and what penalties add to it; 0 where it underflows.</summary>
    public double PrimalValue => InDoubles(Primal);

    /// <summary>log₁₀ of <see cref="PrimalValue"/>.</summary>
    public double Log10PrimalValue => Log10(Primal);

    /// <summary>
    /// A number not below the objective of the point, every rounding allowed for, if <see cref="IsProof"/>; otherwise <see cref="PrimalValue"/>.
    /// </summary>
    public double PrimalUpperBound => InDoubles(Upper);

    /// <summary>log₁₀ of <see cref="PrimalUpperBound"/>.</summary>
    public double Log10PrimalUpperBound => Log10(Upper);

    /// <summary>
    /// Whether <see cref="LowerBound"/> and <see cref="PrimalUpperBound"/> hold in exact arithmetic, for the weights that the class counts say: every rounding
    /// between them and the model is bounded. False for a loss that has no bounds (<see cref="Losses.ILoss.DualValueBelow"/>): then roundings are
    /// only estimated. See docs/certificates.md.
    /// </summary>
    public bool IsProof { get; internal init; }

    /// <summary>A lower bound on the global optimum, rounding allowed for. Never negative for a loss that cannot be.</summary>
    public double LowerBound => InDoubles(Bound);

    /// <summary>log₁₀ of the lower bound; −∞ where it is 0, NaN where it is negative.</summary>
    public double Log10LowerBound => Log10(Bound);

    /// <summary>Upper bound of the primal value minus lower bound of the optimum, rounded up; never negative.</summary>
    public double AbsoluteGap => InDoubles(Gap);

    /// <summary>log₁₀ of the absolute gap.</summary>
    public double Log10AbsoluteGap => Log10(Gap);

    /// <summary>
    /// (primal − dual)/max(|primal|, |dual|): meaningful for losses of 1e-3000 as for losses of order one. +∞ without any bound. NaN where nothing
    /// is proven: after a <see cref="Contradiction"/>, and below 1e-303 for a loss that knows no units.
    /// </summary>
    public double RelativeGap
    {
        get
        {
            double scale = Math.Max(Math.Abs(Upper), Math.Abs(Bound));
            return Contradiction is not null || !(scale >= SmallestValue) ? double.NaN : double.IsPositiveInfinity(Gap) ? Gap : Gap / scale;
        }
    }

    /// <summary>λ = −⟨∇f(Z), Z⟩/r, the multiplier of the constraint ‖Z‖_* ≤ r, or that of the penalties; equal to σ_max(Y) at an optimum.</summary>
    public double Multiplier => InDoubles(Lambda);

    /// <summary>log₁₀ λ.</summary>
    public double Log10Multiplier => Log10(Lambda);

    /// <summary>σ_max(Y), never under-estimated.</summary>
    public double DualNorm => InDoubles(Sigma);

    /// <summary>How the dual point was made.</summary>
    public DualKind Kind { get; internal init; }

    /// <summary>
    /// Largest relative excess of the point over a budget (0 with penalties) before it was scaled back into the feasible set; the primal value is the one after.
    /// </summary>
    public double ConstraintViolation { get; internal init; }

    /// <summary>
    /// μ_W, the multiplier of ‖W‖_F² ≤ K·E_W in the semidefinite program: (σ/2)·√(E_H/E_W), σ = σ_max(Y). With μ_H it makes [[μ_H·I, Yᵀ/2], [Y/2, μ_W·I]] ⪰ 0. With penalties it is λ_W/2 at
    /// an optimum.
    /// </summary>
    public double ClassifierMultiplier => DualNorm / 2 / BudgetRatio;

    /// <summary>μ_H, the multiplier of ‖H̄‖_F² ≤ K·E_H in the semidefinite program: (σ/2)·√(E_W/E_H).</summary>
    public double FeatureMultiplier => DualNorm / 2 * BudgetRatio;

    /// <summary>
    /// The dual point Y, in units of e^<see cref="LogUnit"/>, over the groups of the program it was computed in; zero for <see cref="DualKind.None"/>. A copy.
    /// </summary>
    public required GroupedMatrix Dual
    {
        get => dual.Clone();
        init => dual = value;
    }

    /// <summary>Y itself, not to be changed.</summary>
    internal GroupedMatrix SharedDual => dual;

    /// <summary>
    /// Why nothing is proven: a value below a lower bound that was found at another point, by more than rounding. One of the two must be wrong (a custom
    /// loss whose conjugate does not fit it, for instance), and which one is not known. Null if there is none.
    /// </summary>
    public string? Contradiction { get; internal init; }

    /// <summary>Whether the relative gap is at most a tolerance.</summary>
    /// <param name="relativeGap">The tolerance.</param>
    public bool Closes(double relativeGap) => RelativeGap <= relativeGap;

    /// <summary>f(Z) in units of u.</summary>
    internal double Primal { get; init; }

    /// <summary>The upper bound of f(Z) in units of u.</summary>
    internal double Upper { get; init; }

    /// <summary>The lower bound in units of u.</summary>
    internal double Bound { get; init; }

    /// <summary>The absolute gap in units of u.</summary>
    internal double Gap { get; init; }

    /// <summary>λ in units of u.</summary>
    internal double Lambda { get; init; }

    /// <summary>σ_max(Y) in units of u.</summary>
    internal double Sigma { get; init; }

    /// <summary>What the gap allows for rounding where that is estimated, in units of u; 0 of a proof.</summary>
    internal double Allowance { get; init; }

    /// <summary>√(E_W/E_H), or √(λ_H/λ_W).</summary>
    internal double BudgetRatio { get; init; }

    /// <summary>A number in the unit of this certificate, in another one; overflows where that is far smaller.</summary>
    internal double Convert(double value, double logUnit) => value == 0 ? 0 : value * Math.Exp(LogUnit - logUnit);

    /// <summary>With a lower bound that is this far below the primal value, and 0 at least if the loss cannot be negative.</summary>
    internal DualityCertificate WithGap(double gap, bool isNonNegative)
    {
        bool atZero = isNonNegative && !(gap <= Primal);
        return this with { Gap = atZero ? Primal : gap, Bound = atZero ? 0 : Primal - gap, Upper = Primal };
    }

    /// <summary>With proven bounds of both sides; as it is if there are none.</summary>
    internal DualityCertificate Proven(double upper, double lower, double sigma, bool isNonNegative)
    {
        if (double.IsNaN(upper) || double.IsNaN(lower))
        {
            return this;
        }

        double bound = isNonNegative ? Math.Max(0, lower) : lower;
        return this with
        {
            IsProof = true,
            Primal = Between(bound, upper),
            Upper = upper,
            Bound = bound,
            Gap = bound == 0 ? upper : Rounding.Up(Math.Max(0, upper - bound), 1),
            Sigma = sigma,
            Allowance = 0,
        };
    }

    /// <summary>The primal value, which rests on whatever library made the logits, brought between bounds that are proven.</summary>
    internal double Between(double bound, double upper) => Primal > upper ? upper : Primal < bound && bound <= upper ? bound : Primal;

    private double InDoubles(double value) => value == 0 || double.IsInfinity(value) ? value : value * Math.Exp(LogUnit);

    private double Log10(double value) => LogUnit == 0 ? Math.Log10(value) : (Math.Log(value) + LogUnit) / LogTen;
}
