using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Contrastive;

/// <summary>
/// A proof of how far a point of the contrastive program is from the optimum. With G = ∇e(X): e(X) − e* ≤ ⟨G, X⟩ + t·max(0, −λ_min(sym G)), and for any dual point Y
/// e* ≥ −Σ_k ω_k·L*(y_k/ω_k) − t·max(0, −λ_min(sym Y)); both sides are bounded in exact arithmetic from the data of the model and the point.
/// </summary>
public sealed record ContrastiveCertificate
{
    private ContrastiveCertificate()
    {
    }

    /// <summary>The loss at the point, to rounding.</summary>
    public double Loss => Floor + Excess;

    /// <summary>Σ_k ω_k·log m_k, what the loss comes down to as E_H/τ grows without limit.</summary>
    public required double Floor { get; init; }

    /// <summary>The loss less its floor, not below the true value at the point after scaling it into the budget, and accurate relatively.</summary>
    public required double Excess { get; init; }

    /// <summary>A number not above the least excess; at least 0.</summary>
    public required double ExcessLowerBound { get; init; }

    /// <summary>λ, the multiplier of the trace of H̄ᵀH̄/τ: not below −λ_min(sym Y) of the dual point, and in the units of the weights ω.</summary>
    public required double Multiplier { get; init; }

    /// <summary>A number not above the least loss.</summary>
    public double LowerBound => Floor + ExcessLowerBound - (64 * Rounding.Unit * (Math.Abs(Floor) + ExcessLowerBound));

    /// <summary>The excess less its lower bound: what the loss of the point may be above the optimum.</summary>
    public double Gap => Math.Max(0, Excess - ExcessLowerBound);

    /// <summary>The gap over the excess.</summary>
    public double RelativeGap => Excess > 0 ? Gap / Excess : 0;

    /// <summary>Whether the relative gap is at most a tolerance.</summary>
    /// <param name="relativeGap">The tolerance.</param>
    public bool Closes(double relativeGap) => RelativeGap <= relativeGap;

    /// <summary>The certificate of class means, class by class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classMeans">H̄, p×K. Means outside the budget are scaled back into it.</param>
    /// <exception cref="ArgumentException">There is not one column for each class, an entry is not finite, or all are zero.</exception>
    public static ContrastiveCertificate Certify(ContrastiveModel model, Matrix<double> classMeans)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classMeans);
        double norm = classMeans.FrobeniusNorm();
        if (classMeans.ColumnCount != model.ClassCount || !(norm > 0) || !double.IsFinite(norm))
        {
            throw new ArgumentException(
                $"H̄ must be p×K with K = {model.ClassCount}, finite and not zero; got {classMeans.RowCount}×{classMeans.ColumnCount} of norm {norm}.", nameof(classMeans));
        }

        var program = ContrastiveProgram.ForClasses(model);
        return Of(program, new double[model.ClassCount], (classMeans / Math.Sqrt(model.Temperature)).ToRowMajorArray(), 0);
    }

    /// <summary>The best certificate of a point in factors.</summary>
    /// <param name="program">The program.</param>
    /// <param name="spread">s_g.</param>
    /// <param name="core">V, G×q.</param>
    /// <param name="target">A relative gap at which to stop looking for a better dual point.</param>
    internal static ContrastiveCertificate Of(ContrastiveProgram program, double[] spread, double[] core, double target)
    {
        int n = program.Sizes.Length;
        GroupedMatrix point = program.CreateMatrix(), gradient = program.CreateMatrix();
        for (int g = 0; g < n; g++)
        {
            point.Spread[g] = program.Sizes[g] == 1 ? 0 : spread[g] * spread[g];
        }

        LinearAlgebraProvider.Backend.SymmetricProduct(false, n, core.Length / n, 1, core, n, 0, point.Core, n);
        point.Scale(program.Radius / ContrastiveProgram.Trace(point));
        program.Gradient(point, gradient);
        double excess = ContrastiveBounds.Above(program, spread, core);
        (double bound, double lambda) = ContrastiveBounds.Below(program, gradient);
        if (excess - bound > target * excess)
        {
            foreach (GroupedMatrix dual in new LevelledContrast(program, point, gradient).Candidates())
            {
                (double value, double own) = ContrastiveBounds.Below(program, dual);
                (bound, lambda) = value > bound ? (value, own) : (bound, lambda);
            }
        }

        return new ContrastiveCertificate { Floor = program.Floor, Excess = excess, ExcessLowerBound = Math.Max(0, bound), Multiplier = lambda };
    }
}
