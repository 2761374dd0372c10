using System.Buffers;
using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// The excess of cross-entropy over the entropy of the target, L = KL(t‖softmax z) = log Σ_j exp(z_j) − ⟨t, z⟩ − H(t): what a language model pays for one context (Du, He, Su 2026).
/// Every column has a target of its own; rows beyond those of the targets are no tokens, and no loss sees them.
/// </summary>
internal sealed partial class SoftTargetLoss : ILoss, ITargetLoss
{
    // Of p, for p̂ = p + a change that brings it to 0
    private const double Border = 1 + 1e-15;
    private readonly TargetColumns targets;
    private readonly int column;

    /// <param name="targets">The target of every column.</param>
    public SoftTargetLoss(TargetColumns targets)
        : this(targets, 0)
    {
    }

    private SoftTargetLoss(TargetColumns targets, int column) => (this.targets, this.column, OwnRow) = (targets, column, targets.LikeliestRow(column));

    /// <inheritdoc/>
    public string Name => "soft-target";

    /// <inheritdoc/>
    public bool IsShiftInvariant => true;

    /// <inheritdoc/>
    public bool IsNonNegative => true;

    /// <inheritdoc/>
    public bool DependsOnClass => true;

    /// <inheritdoc/>
    public int OwnRow { get; }

    /// <inheritdoc/>
    public int Tokens => targets.Tokens;

    /// <inheritdoc/>
    public ILoss OfClass(ReadOnlySpan<double> classes, ReadOnlySpan<double> counts, int own) => new SoftTargetLoss(targets, own);

    /// <inheritdoc/>
    public void AddTarget(double factor, Span<double> column)
    {
        ReadOnlySpan<int> rows = targets.Rows(this.column);
        ReadOnlySpan<double> target = targets.Targets(this.column);
        for (int i = 0; i < rows.Length; i++)
        {
            column[rows[i]] += factor * target[i];
        }
    }

    /// <inheritdoc/>
    public double Value(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(logits.Length);
        double value = Gradient(ownLogit, logits, multiplicities, out _, rented.AsSpan(0, logits.Length));
        ArrayPool<double>.Shared.Return(rented);
        return value;
    }

    /// <inheritdoc/>
    public double Gradient(double ownLogit, ReadOnlySpan<double> logits, ReadOnlySpan<double> multiplicities, out double ownGradient, Span<double> gradient)
    {
        // p = softmax z, and then p − t
        Span<double> p = gradient[..Tokens];
        logits[..Tokens].CopyTo(p);
        p[OwnRow] = ownLogit;
        double largest = TensorPrimitives.Max<double>(p);
        TensorPrimitives.Subtract(p, largest, p);
        TensorPrimitives.Exp(p, p);
        double total = TensorPrimitives.Sum<double>(p), logTotal = Math.Log(total) + largest;
        TensorPrimitives.Multiply(p, 1 / total, p);
        // Σ p·h(t/p − 1), h(δ) = (1 + δ)·log(1 + δ) − δ: no term is negative and none cancels. h(−1) = 1 where the target is 0.
        ReadOnlySpan<int> rows = targets.Rows(column);
        ReadOnlySpan<double> target = targets.Targets(column);
        double sum = 0, seen = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            double q = p[row], t = target[i], logit = row == OwnRow ? ownLogit : logits[row];
            seen += q;
            // Where p vanishes beside t its logarithm is known from the logits.
            sum += q > t * 1e-3 ? q * CrossEntropyLoss.Divergence((t - q) / q) : (t * (Math.Log(t) - (logit - logTotal))) - t + q;
            p[row] = q - t;
        }

        gradient[Tokens..].Clear();
        ownGradient = gradient[OwnRow];
        gradient[OwnRow] = 0;
        return sum + Math.Max(0, 1 - seen);
    }

    /// <inheritdoc/>
    public void CurvatureProduct(
        double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities,
        double ownDirection, ReadOnlySpan<double> direction, out double ownProduct, Span<double> product)
    {
        // (diag p − ppᵀ)d, p = gradient + t
        Probabilities(ownGradient, gradient, product);
        Span<double> p = product[..Tokens];
        double ownProbability = p[OwnRow];
        p[OwnRow] = 0;
        double mean = TensorPrimitives.Dot<double>(p, direction[..Tokens]) + (ownProbability * ownDirection);
        for (int j = 0; j < p.Length; j++)
        {
            p[j] *= direction[j] - mean;
        }

        ownProduct = ownProbability * (ownDirection - mean);
    }

    /// <inheritdoc/>
    public double FenchelYoung(double ownGradient, ReadOnlySpan<double> gradient, ReadOnlySpan<double> multiplicities, double ownDual, ReadOnlySpan<double> dual)
    {
        // KL(p̂‖p) = Σ p·h(p̂/p − 1), p = gradient + t, p̂ − p = y − gradient
        double[] rented = ArrayPool<double>.Shared.Rent(gradient.Length);
        Span<double> p = rented.AsSpan(0, gradient.Length);
        Probabilities(ownGradient, gradient, p);
        double sum = 0, difference = 0;
        for (int j = 0; j < Tokens && sum < double.PositiveInfinity; j++)
        {
            double change = j == OwnRow ? 0 : dual[j] - gradient[j];
            difference += change;
            sum += change == 0 ? 0
                : p[j] > 0 && change >= -p[j] * Border ? p[j] * CrossEntropyLoss.Divergence(Math.Max(change / p[j], -1))
                : double.PositiveInfinity;
        }

        double last = p[OwnRow];
        ArrayPool<double>.Shared.Return(rented);
        return sum + (last > 0 ? last * CrossEntropyLoss.Divergence(Math.Max(-difference / last, -1)) : 0);
    }

    /// <inheritdoc/>
    public void RepairDual(ReadOnlySpan<double> multiplicities, ref double ownDual, Span<double> dual)
    {
        // p̂ = t + y: no entry negative, and one in sum
        double[] rented = ArrayPool<double>.Shared.Rent(dual.Length);
        Span<double> repaired = rented.AsSpan(0, dual.Length), p = repaired[..Tokens];
        Probabilities(ownDual, dual, repaired);
        TensorPrimitives.Max(p, 0.0, p);
        TensorPrimitives.Divide(p, TensorPrimitives.Sum<double>(p), p);
        ReadOnlySpan<int> rows = targets.Rows(column);
        ReadOnlySpan<double> target = targets.Targets(column);
        for (int i = 0; i < rows.Length; i++)
        {
            // exactly positive, whatever t is rounded to
            p[rows[i]] = Math.Max(p[rows[i]], LeastShare * target[i]) - target[i];
        }

        repaired.CopyTo(dual);
        ArrayPool<double>.Shared.Return(rented);
        dual[OwnRow] = 0;
        ownDual = -TensorPrimitives.Sum<double>(dual);
    }

    // x + t with the own entry in its place; 0 where there is no token
    private void Probabilities(double ownEntry, ReadOnlySpan<double> others, Span<double> p)
    {
        others.CopyTo(p);
        p[OwnRow] = ownEntry;
        p[Tokens..].Clear();
        AddTarget(1, p);
    }
}
