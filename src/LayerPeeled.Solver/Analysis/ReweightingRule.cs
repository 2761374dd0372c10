namespace LayerPeeled.Solver.Analysis;

/// <summary>A rule that gives each class a loss weight from its count. Immutable.</summary>
/// <remarks>
/// Weighting the loss of a class by w is the model with w times the examples (Fang, He, Long, Su, PNAS 2021, on oversampling). The formula rules
/// are scaled so that Σ_k n_k·w_k = Σ_k n_k; the scale has no influence on the optimum. A class without examples gets the weight 1, of no effect.
/// </remarks>
public sealed class ReweightingRule
{
    private readonly Func<double[], double[]> weights;

    private ReweightingRule(string name, Func<double[], double[]> weights)
    {
        Name = name;
        this.weights = weights;
    }

    /// <summary>No re-weighting, w_k = 1.</summary>
    public static ReweightingRule None { get; } = new("none", counts => Array.ConvertAll(counts, _ => 1.0));

    /// <summary>w_k ∝ 1/n_k: all classes act alike, which restores the simplex ETF.</summary>
    public static ReweightingRule InverseFrequency { get; } = FromFormula("inverse frequency", n => 1 / n);

    /// <summary>w_k ∝ 1/√n_k.</summary>
    public static ReweightingRule SquareRootInverse { get; } = FromFormula("square-root inverse", n => 1 / Math.Sqrt(n));

    /// <summary>What the rule is called in tables.</summary>
    public string Name { get; }

    /// <summary>Effective number of samples: w_k ∝ (1 − β)/(1 − β^{n_k}) (Cui, Jia, Lin, Song, Belongie, CVPR 2019).</summary>
    /// <param name="beta">β, from 0 (no re-weighting) to below 1 (towards inverse frequency).</param>
    /// <exception cref="ArgumentOutOfRangeException">β is out of its range.</exception>
    public static ReweightingRule EffectiveNumber(double beta)
    {
        if (!(beta >= 0 && beta < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "β must be at least 0 and below 1.");
        }

        // 1 − β^n = −expm1(x) = −2·e^{x/2}·sinh(x/2) with x = n·log β; it is 1 from x = −40 on
        double log = Math.Log(beta);
        double Complement(double n)
        {
            double half = Math.Max(n * log / 2, -20);
            return -2 * Math.Exp(half) * Math.Sinh(half);
        }

        return FromFormula(
            FormattableString.Invariant($"effective number, β = {beta}"),
            n => beta == 0 ? 1 : (1 - beta) / Complement(n));
    }

    /// <summary>w_k ∝ n_k^{−τ}: 0 leaves the classes as they are, 1 is inverse frequency.</summary>
    /// <param name="exponent">τ, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">τ is out of its range.</exception>
    public static ReweightingRule Power(double exponent)
    {
        if (!(exponent is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "τ must be between 0 and 1.");
        }

        return FromFormula(FormattableString.Invariant($"n^-τ, τ = {exponent}"), n => Math.Pow(n, -exponent));
    }

    /// <summary>Oversampling: w_r for classes with fewer examples than a limit, 1 for the others.</summary>
    /// <param name="rate">w_r, positive and finite.</param>
    /// <param name="belowCount">Classes with fewer examples than this are oversampled.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public static ReweightingRule Oversampling(double rate, double belowCount)
    {
        if (!(rate > 0) || double.IsInfinity(rate))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The oversampling rate must be a positive finite number.");
        }

        return new(
            FormattableString.Invariant($"oversampling by {rate:g6} below {belowCount:g6}"),
            counts => Array.ConvertAll(counts, n => n < belowCount ? rate : 1));
    }

    /// <summary>The caller's own weights, one for each class.</summary>
    /// <param name="name">What to call them.</param>
    /// <param name="lossWeights">w_k in the order of the classes, finite and not negative.</param>
    public static ReweightingRule Custom(string name, IEnumerable<double> lossWeights)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(lossWeights);
        double[] own = lossWeights.ToArray();
        return new(name, counts => own.Length == counts.Length
            ? (double[])own.Clone()
            : throw new ArgumentException($"The rule '{name}' has {own.Length} weights for {counts.Length} classes.", nameof(lossWeights)));
    }

    /// <summary>The weights w_k for given counts.</summary>
    /// <param name="counts">Examples n_k of each class, finite and not negative.</param>
    /// <exception cref="ArgumentException">The rule holds weights for another number of classes, or has no finite weight for a count.</exception>
    public double[] Weights(IEnumerable<double> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return weights(counts.ToArray());
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ReweightingRule FromFormula(string name, Func<double, double> formula) => new(name, counts =>
    {
        double[] raw = Array.ConvertAll(counts, n => n > 0 ? formula(n) : 1);
        double scale = counts.Sum() / counts.Zip(raw, (n, w) => n * w).Sum();
        double[] scaled = Array.ConvertAll(raw, w => w * scale);
        int k = Array.FindIndex(scaled, w => !double.IsFinite(w));
        return k < 0 ? scaled : throw new ArgumentException($"The rule '{name}' has no finite weight for class {k} with a count of {counts[k]}.", nameof(counts));
    });
}
