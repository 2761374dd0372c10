using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Programs;

public sealed partial class FactorizedProgram
{
    // The same program in units that make both budgets the unit ball: W = √(K·E_W)·Ŵ, h = √(K·E_H/a_k)·ĥ
    private FactorizedProgram(FactorizedProgram program)
    {
        (Model, Level, classes, firstColumn, lossWeights) = (program.Model, program.Level, program.classes, program.firstColumn, program.lossWeights);
        classifierUnit = Math.Sqrt(program.ClassifierBound);
        featureUnits = Array.ConvertAll(program.budgetWeights, weight => Math.Sqrt(program.FeatureBound / weight));
        budgetWeights = new double[lossWeights.Length];
        Array.Fill(budgetWeights, 1);
        ClassifierBound = FeatureBound = 1;
    }

    /// <summary>The program with W and H in units of their budgets, which are then unit balls; its points are converted by the two methods below.</summary>
    internal FactorizedProgram InBudgetUnits() => new(this);

    /// <summary>Unit of W times unit of the features of class k: logits are this times the product of the stored numbers.</summary>
    internal double LogitUnit(int k) => classifierUnit * featureUnits[k];

    /// <summary>From true units to those of this program, in place.</summary>
    internal void FromTrueUnits(Span<double> values) => Scale(values, 1 / classifierUnit, unit => 1 / unit);

    /// <summary>From the units of this program to true units, in place.</summary>
    internal void ToTrueUnits(Span<double> values) => Scale(values, classifierUnit, unit => unit);

    /// <summary>Features from the units of this program to true units, in place.</summary>
    internal void FeaturesToTrueUnits(Span<double> features) => ScaleFeatures(features, unit => unit);

    private void Scale(Span<double> values, double classifierFactor, Func<double, double> featureFactor)
    {
        TensorPrimitives.Multiply(values[..ClassifierLength], classifierFactor, values[..ClassifierLength]);
        ScaleFeatures(values[ClassifierLength..], featureFactor);
    }

    private void ScaleFeatures(Span<double> features, Func<double, double> featureFactor)
    {
        for (int k = 0; k < Model.ClassCount; k++)
        {
            Span<double> own = FeaturesOf(features, k);
            TensorPrimitives.Multiply(own, featureFactor(featureUnits[k]), own);
        }
    }
}
