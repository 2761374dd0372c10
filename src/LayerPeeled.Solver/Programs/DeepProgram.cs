using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The model with M linear layers in place of one: minimise f(W_M⋯W_1·H̄) + Σ_j (λ_j/2)·‖W_j‖_F² + (λ_H/2)·Σ_k ρ_k·‖h_k‖², without biases (Tirer, Bruna, ICML 2022;
/// Dang et al., ICML 2023). All factors of a given Z̃ = Z·diag(√ρ) together cost at least ((M + 1)/2)·Λ^{1/(M+1)}·Σ_i σ_i(Z̃)^{2/(M+1)}, Λ the product of all
/// penalties, and the best ones just that: a Schatten quasi-norm, convex for M = 1 only. Immutable and thread-safe.
/// </summary>
public sealed class DeepProgram
{
    // A root of a singular value that is nothing but rounding would count.
    private const double NoiseUnits = 4e-16;
    private readonly double[] hidden;

    /// <summary>The program with one penalty for all layers.</summary>
    /// <param name="model">A model with penalties and no bias; λ_W is that of every layer.</param>
    /// <param name="layers">M, between 1 and 100.</param>
    /// <exception cref="ArgumentException">The model has budgets or a bias, or an argument is out of range.</exception>
    public DeepProgram(LayerPeeledModel model, int layers)
        : this(model, Enumerable.Repeat((model?.Regulariser as Penalties)?.Classifier ?? 1, layers is >= 1 and <= 100 ? layers - 1
            : throw new ArgumentOutOfRangeException(nameof(layers), layers, "There must be between 1 and 100 layers.")))
    {
    }

    /// <summary>The program with a penalty for each layer.</summary>
    /// <param name="model">A model with penalties and no bias; λ_W is that of the last layer, W_M.</param>
    /// <param name="hiddenPenalties">λ_{M−1}, …, λ_1 of the layers before it, between 1e-100 and 1e100; none for M = 1.</param>
    /// <exception cref="ArgumentException">The model has budgets or a bias, or a penalty is out of range.</exception>
    public DeepProgram(LayerPeeledModel model, IEnumerable<double> hiddenPenalties)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hiddenPenalties);
        if (model.Regulariser is not Penalties { Bias: null } penalties)
        {
            throw new ArgumentException("Several layers are for models with penalties and without a bias.", nameof(model));
        }

        hidden = hiddenPenalties.ToArray();
        if (hidden.Length > 99)
        {
            throw new ArgumentException($"There must be between 1 and 100 layers, got {hidden.Length + 1}.", nameof(hiddenPenalties));
        }

        foreach (double penalty in hidden)
        {
            ModelValidation.PenaltyInRange(penalty, nameof(hiddenPenalties));
        }

        Model = model;
        ClassifierPenalty = penalties.Classifier;
        FeaturePenalty = penalties.FeatureNorm == FeatureNorm.PerClass ? penalties.Feature : penalties.Feature / (model.ClassCount / model.Examples);
        LogPenalty = (hidden.Sum(Math.Log) + Math.Log(ClassifierPenalty) + Math.Log(FeaturePenalty)) / (hidden.Length + 2);
    }

    /// <summary>The model of one layer.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>M.</summary>
    public int Layers => hidden.Length + 1;

    /// <summary>λ_{M−1}, …, λ_1.</summary>
    public IReadOnlyList<double> HiddenPenalties => hidden;

    /// <summary>λ_W = λ_M.</summary>
    public double ClassifierPenalty { get; }

    /// <summary>What ρ_k·‖h_k‖² costs: λ_H, or λ_H·N/K where features count per sample.</summary>
    public double FeaturePenalty { get; }

    /// <summary>2/(M + 1), the exponent of the singular values.</summary>
    public double Exponent => 2.0 / (Layers + 1);

    /// <summary>Λ^{1/(M+1)}: what each of the M + 1 factors costs, in units in which all penalties are alike.</summary>
    public double Penalty => Math.Exp(LogPenalty);

    /// <summary>log Λ/(M + 1).</summary>
    internal double LogPenalty { get; }

    /// <summary>λ of a factor: W_M, …, W_1 and H̃.</summary>
    internal double PenaltyOf(int factor) => factor == 0 ? ClassifierPenalty : factor <= hidden.Length ? hidden[factor - 1] : FeaturePenalty;

    /// <summary>The least objective of all factors of given logits: the average loss, and what the singular values cost, of which those that are rounding do not count.</summary>
    /// <param name="program">The program of the model, over groups or over classes, that the logits are held in.</param>
    /// <param name="logits">Z̃; not changed.</param>
    public double Value(NuclearNormProgram program, GroupedMatrix logits)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(logits);
        GroupedSpectrum spectrum = GroupedSpectrum.Of(logits);
        double sum = 0, rounding = NoiseUnits * logits.GroupCount * spectrum.Largest(logits);
        foreach (double value in spectrum.Values)
        {
            sum += value > rounding ? Math.Pow(value, Exponent) : 0;
        }

        for (int g = 0; g < logits.GroupCount; g++)
        {
            sum += (logits.Sizes[g] - 1) * Math.Pow(Math.Abs(logits.Spread[g]), Exponent);
        }

        return program.Value(logits) + (0.5 * (Layers + 1) * Penalty * sum);
    }
}
