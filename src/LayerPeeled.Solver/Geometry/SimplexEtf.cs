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

    /// <summary>Optimal objective of the balanced model with cross-entropy: log(1 + (K−1)·e^{−α}), α = K√(E_W·E_H)/(K−1); 0 where it underflows.</summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static double BalancedObjective(LayerPeeledModel model)
    {
        RequireBalanced(model);
        double classes = model.ClassCount;
        return Elementary.LogOnePlus((classes - 1) * Math.Exp(-model.Radius / (classes - 1)));
    }

    /// <summary>log of <see cref="BalancedObjective"/>, however small it is.</summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static double BalancedLogObjective(LayerPeeledModel model)
    {
        // log(1 + x) = x to the last digit for x this small
        double value = BalancedObjective(model), classes = model.ClassCount;
        return value > 1e-100 ? Math.Log(value) : Math.Log(classes - 1) - (model.Radius / (classes - 1));
    }

    /// <summary>
    /// The optimum of the balanced model in closed form: h_k = √(E_H/E_W)·w_k = √E_H·m_k with [m_k] a simplex ETF, so that
    /// Z = α(I − 11ᵀ/K), α = K√(E_W·E_H)/(K−1).
    /// </summary>
    /// <param name="model">A model whose classes all have the same effective count.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static (Matrix<double> Classifier, Matrix<double> ClassMeans) BalancedOptimum(LayerPeeledModel model)
    {
        RequireBalanced(model);
        Matrix<double> frame = Frame(model.ClassCount, model.FeatureDimension);
        return (frame * Math.Sqrt(model.ClassifierBudget), frame.Transpose() * Math.Sqrt(model.FeatureBudget));
    }

    /// <summary>Whether the closed form is that of a model's relaxation, which bounds it from below for every p.</summary>
    internal static bool HasBalancedOptimum(LayerPeeledModel model) =>
        model.Loss is CrossEntropyLoss && model.Groups.All(g => g.EffectiveCount == model.Groups[0].EffectiveCount);

    private static void RequireBalanced(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Groups.Any(g => g.EffectiveCount != model.Groups[0].EffectiveCount))
        {
            throw new ArgumentException("The closed form holds for balanced classes; the effective counts of these differ.", nameof(model));
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
