using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Geometry;

/// <summary>The simplex equiangular tight frame, the geometry of neural collapse, and the closed-form optimum of balanced classes.</summary>
public static class SimplexEtf
{
    /// <summary>
    /// K unit vectors with pairwise cosine −1/(K − 1), as the rows of a K×p matrix: M = √(K/(K−1))·(I − 11ᵀ/K) in K − 1 coordinates, p − K + 1
    /// zero columns behind them.
    /// </summary>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="dimension">p, at least K − 1.</param>
    public static Matrix<double> Frame(int classCount, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, classCount - 1);
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(classCount, 1)], 1, 1, dimension);
        var factors = new GroupedFactors(NuclearNormProgram.ForGroups(model), 0);
        factors.ClassifierSpreadArray[0] = Math.Sqrt(classCount / (classCount - 1.0));
        return FactorExpansion.Classifier(factors);
    }

    /// <summary>
    /// α, the margin z_kk − z_jk of the balanced optimum with cross-entropy: K√(E_W·E_H)/(K−1), or with penalties log(1/λ − K + 1), 0 where that is negative,
    /// λ = √(λ_W·λ_H) for features that count per class and √(n·λ_W·λ_H) for n examples a class that count each (Hong, Ling, JMLR 25, 2024, who write α = K·a).
    /// </summary>
    /// <param name="model">A model whose classes all have the same effective count, and the same count if features count per sample.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static double BalancedMargin(LayerPeeledModel model)
    {
        RequireBalanced(model);
        double classes = model.ClassCount;
        return NuclearNormProgram.ForGroups(model).Term is NuclearPenalty penalty
            ? Math.Max(0, 1 / penalty.Lambda > classes ? Math.Log((1 / penalty.Lambda) - (classes - 1)) : 0)
            : model.Radius / (classes - 1);
    }

    /// <summary>
    /// Optimal objective of the balanced model with cross-entropy: log(1 + (K−1)·e^{−α}), 0 where it underflows, and with penalties λ·(K−1)·α besides
    /// (<see cref="BalancedMargin"/>). A bias is zero.
    /// </summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static double BalancedObjective(LayerPeeledModel model)
    {
        RequireBalanced(model);
        double classes = model.ClassCount;
        double margin = BalancedMargin(model), loss = Elementary.LogOnePlus((classes - 1) * Math.Exp(-margin));
        return NuclearNormProgram.ForGroups(model).Term is NuclearPenalty penalty ? loss + (penalty.Lambda * (classes - 1) * margin) : loss;
    }

    /// <summary>log of <see cref="BalancedObjective"/>, however small it is.</summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static double BalancedLogObjective(LayerPeeledModel model)
    {
        // log(1 + x) = x to the last digit for x this small
        double value = BalancedObjective(model), classes = model.ClassCount;
        return value > 1e-100 || model.Regulariser is Penalties ? Math.Log(value) : Math.Log(classes - 1) - BalancedMargin(model);
    }

    /// <summary>
    /// The optimum of the balanced model in closed form: h_k = √(E_H/E_W)·w_k = √E_H·m_k with [m_k] a simplex ETF, so that
    /// Z = α(I − 11ᵀ/K), α = K√(E_W·E_H)/(K−1). With penalties E_W and E_H are what is left of them.
    /// </summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static (Matrix<double> Classifier, Matrix<double> ClassMeans) BalancedOptimum(LayerPeeledModel model)
    {
        RequireBalanced(model);
        Matrix<double> frame = Frame(model.ClassCount, model.FeatureDimension);
        if (NuclearNormProgram.ForGroups(model).Term is NuclearPenalty penalty)
        {
            // ‖Z‖_* = α(K−1), a K-th of it for each class and side
            double share = Math.Sqrt(BalancedMargin(model) * (model.ClassCount - 1) / model.ClassCount);
            return (frame * (share * penalty.ClassifierUnit), frame.Transpose() * (share * penalty.FeatureUnit));
        }

        return (frame * Math.Sqrt(model.ClassifierBudget), frame.Transpose() * Math.Sqrt(model.FeatureBudget));
    }

    /// <summary>Whether the closed form is that of a model's relaxation, which bounds it from below for every p.</summary>
    internal static bool HasBalancedOptimum(LayerPeeledModel model) =>
        model.Loss is CrossEntropyLoss && IsBalanced(model);

    // Equal losses, and equal costs of features
    private static bool IsBalanced(LayerPeeledModel model) => model.Groups.All(g => g.EffectiveCount == model.Groups[0].EffectiveCount
        && (model.Regulariser.FeatureNorm == FeatureNorm.PerClass || g.Count == model.Groups[0].Count));

    private static void RequireBalanced(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!IsBalanced(model))
        {
            throw new ArgumentException("The closed form holds for balanced classes; the effective counts of these differ, or the counts where features count per sample.", nameof(model));
        }

        if (model.Loss is not CrossEntropyLoss)
        {
            throw new ArgumentException($"The closed form is for cross-entropy; the model's loss is {model.Loss.Name}.", nameof(model));
        }

        if (model.FeatureDimension < model.ClassCount - 1)
        {
            throw new ArgumentException($"A simplex ETF of {model.ClassCount} classes needs p ≥ {model.ClassCount - 1}, the model has {model.FeatureDimension}.", nameof(model));
        }
    }
}
