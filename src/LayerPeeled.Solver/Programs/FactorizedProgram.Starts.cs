using System.Numerics.Tensors;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

public sealed partial class FactorizedProgram
{
    /// <summary>A point with independent Gaussian entries, each block scaled onto its budget. Columns without loss weight are zero.</summary>
    /// <param name="seed">The same seed gives the same point.</param>
    public FactorizedPoint RandomPoint(int seed)
    {
        var random = new Random(seed);
        var values = new double[Length];
        for (int i = 0; i < values.Length; i++)
        {
            // Box–Muller
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return OntoBudgets(values);
    }

    /// <summary>The simplex ETF, optimal for balanced classes: every column of class k along e_k − 1/K, classifiers likewise, both budgets tight.</summary>
    /// <exception cref="InvalidOperationException">p is below K − 1: there is no simplex ETF.</exception>
    public FactorizedPoint SimplexEtfPoint()
    {
        int classCount = Model.ClassCount, p = FeatureDimension;
        if (p < classCount - 1)
        {
            throw new InvalidOperationException($"{classCount} classes have a simplex ETF in p ≥ {classCount - 1} dimensions; the model has p = {p}. Start at random instead.");
        }

        // Balanced classes in one group with spread 1 and nothing else
        var pattern = new GroupedFactors(NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassGroups([new ClassGroup(classCount, 1)], 1, 1, p)), 0);
        pattern.ClassifierSpreadArray[0] = 1;
        Matrix<double> frame = FactorExpansion.Classifier(pattern);
        var values = new double[Length];
        frame.ToColumnMajorArray().CopyTo(values, 0);
        for (int k = 0; k < classCount; k++)
        {
            (int first, int count) = ColumnsOf(k);
            double[] row = frame.Row(k).ToArray();
            for (int c = first; c < first + count; c++)
            {
                row.CopyTo(values, ClassifierLength + (c * p));
            }
        }

        return OntoBudgets(values);
    }

    // Scales each block onto its budget, columns without loss weight cleared first.
    private FactorizedPoint OntoBudgets(double[] values)
    {
        Span<double> classifier = values.AsSpan(0, ClassifierLength), features = values.AsSpan(ClassifierLength);
        double used = 0;
        for (int k = 0; k < Model.ClassCount; k++)
        {
            Span<double> own = FeaturesOf(features, k);
            if (lossWeights[k] == 0)
            {
                own.Clear();
            }

            used += budgetWeights[k] * TensorPrimitives.SumOfSquares<double>(own);
        }

        TensorPrimitives.Multiply(classifier, Math.Sqrt(ClassifierBound) / TensorPrimitives.Norm<double>(classifier), classifier);
        TensorPrimitives.Multiply(features, Math.Sqrt(FeatureBound / used), features);
        return Wrap(values);
    }
}
