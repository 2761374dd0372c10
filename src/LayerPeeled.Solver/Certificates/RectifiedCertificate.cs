using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// A global lower bound for cross-entropy with nonnegative features, in any dimension, although the program is not convex, and the gap of a point to it. For numbers 0
/// ≤ s_k ≤ (K−1)/K with ω_k·s_k ≤ λ·√(ρ_k·(K−1)/K) the optimum is at least Σ_k ω_k·E(s_k), less λ·K√(E_W·E_H) with budgets, E(s) the entropy of the probabilities 1 − s
/// and s/(K−1): features of two classes have no negative inner product, so that centring what classes pull on W takes away at least a K-th of its square
/// (docs/relatives.md). Immutable.
/// </summary>
public sealed record RectifiedCertificate
{
    // Of λ, ρ, ω, the quotient and the root; of an entropy
    private const int ShareRoundings = 24;
    private const int EntropyRoundings = 16;

    private RectifiedCertificate()
    {
    }

    /// <summary>The objective of the point, penalties included.</summary>
    public required double PrimalValue { get; init; }

    /// <summary>A lower bound of the optimum over all nonnegative features, roundings allowed for. Never negative.</summary>
    public required double LowerBound { get; init; }

    /// <summary>Primal value minus lower bound.</summary>
    public double AbsoluteGap => PrimalValue - LowerBound;

    /// <summary>The absolute gap over the primal value.</summary>
    public double RelativeGap => AbsoluteGap / PrimalValue;

    /// <summary>Whether the relative gap is at most a tolerance.</summary>
    /// <param name="relativeGap">The tolerance.</param>
    public bool Closes(double relativeGap) => RelativeGap <= relativeGap;

    /// <summary>The certificate of a point; one outside of budgets is scaled back first.</summary>
    /// <param name="model">A model with cross-entropy, no bias.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K, no entry negative.</param>
    /// <exception cref="ArgumentException">The model is another one, a shape does not fit, or a feature is negative or not finite.</exception>
    public static RectifiedCertificate Of(LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans)
    {
        Require(model);
        ArgumentNullException.ThrowIfNull(classMeans);
        if (!classMeans.ForAll(x => x >= 0 && double.IsFinite(x)))
        {
            throw new ArgumentException("Every feature must be finite and not negative.", nameof(classMeans));
        }

        NuclearNormProgram program = NuclearNormProgram.ForClasses(model);
        GroupedFactors point = GroupedFactors.OfClasses(program, classifier, classMeans);
        if (model.Regulariser is Budgets budgets)
        {
            double w = Share(model.ClassCount * budgets.Classifier, point.ClassifierNorm2()), h = Share(model.ClassCount * budgets.Feature, point.FeatureNorm2());
            point = GroupedFactors.OfClasses(program, classifier * w, classMeans * h);
        }

        return new RectifiedCertificate { PrimalValue = point.Loss() + point.Penalty(), LowerBound = Bound(model) };
    }

    /// <summary>The lower bound of a model.</summary>
    /// <param name="model">A model with cross-entropy, no bias.</param>
    /// <exception cref="ArgumentException">The model is another one.</exception>
    public static double Bound(LayerPeeledModel model)
    {
        Require(model);
        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        return Bound(model, program.Term is NuclearPenalty penalty ? penalty.Lambda : Math.Exp(RectifiedMargins.LogMultiplier(program)));
    }

    /// <summary>The lower bound for any multiplier; with budgets the best one is that of the optimum, with penalties it is √(λ_W·λ_H̃).</summary>
    private static double Bound(LayerPeeledModel model, double multiplier)
    {
        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        double classes = model.ClassCount, sum = 0;
        for (int g = 0; g < program.GroupCount; g++)
        {
            double weight = program.Weights[g];
            if (weight > 0)
            {
                // E rises up to (K−1)/K: a smaller share is a bound too.
                double share = Rounding.Down(Math.Min((classes - 1) / classes, multiplier * program.FeatureRoots[g] * Math.Sqrt((classes - 1) / classes) / weight), ShareRoundings);
                sum += program.Sizes[g] * weight * Entropy(share, classes);
            }
        }

        double error = Rounding.Gamma(EntropyRoundings + program.GroupCount);
        double cost = program.Term is NuclearBall ? multiplier * model.Radius : 0;
        return Math.Max(0, (sum * (1 - error)) - Rounding.Up(cost, ShareRoundings));
    }

    /// <summary>Refuses models that the bound is not for.</summary>
    internal static void Require(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelScope.RequireNoBias(model, "rectified");
        if (model.Loss is not CrossEntropyLoss)
        {
            throw new ArgumentException($"Nonnegative features are for cross-entropy; the model's loss is {model.Loss.Name}.", nameof(model));
        }
    }

    private static double Share(double budget, double used) => used > budget ? Math.Sqrt(budget / used) : 1;

    // −(1−s)·log(1−s) − s·log(s/(K−1))
    private static double Entropy(double share, double classes) =>
        share == 0 ? 0 : ((1 - share) * -Elementary.LogOnePlus(-share)) + (share * (Math.Log(classes - 1) - Math.Log(share)));
}
