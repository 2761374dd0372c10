using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The nonconvex program itself: minimise f(W, H) = Σ_c β_c·L(W·h_c, class of c) over classifiers W (K×p) and feature columns H (p×N) under
/// ‖W‖_F² ≤ K·E_W and Σ_k a_k·Σ_{c in class k} ‖h_c‖² ≤ K·E_H. At the level of class means there is one column a class, β = ω_k and a = 1; at
/// sample level one column an example, β = ω_k/n_k and a = 1/n_k; where features count per sample, a is ρ_k = n_k·K/N times that. Columns stand class after class. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// A class without loss weight keeps its column at the level of class means: its gradient is zero, yet it counts in the budget. At sample
/// level a class without examples has no columns.
/// </remarks>
public sealed partial class FactorizedProgram
{
    private readonly int[] firstColumn;
    private readonly double[] lossWeights;
    private readonly double[] budgetWeights;
    private readonly NuclearNormProgram classes;
    private readonly double classifierUnit = 1;
    private readonly double[] featureUnits;

    /// <summary>The loss of the examples of each class.</summary>
    internal ColumnLosses Losses => classes.Losses(0);

    /// <summary>The row that the loss of a class holds apart.</summary>
    internal int OwnRow(int k) => classes.OwnRow(k);

    private FactorizedProgram(LayerPeeledModel model, FactorizedLevel level, int[] columnsOfClass)
    {
        ModelScope.RequireBudgets(model, "projected-gradient");
        Model = model;
        Level = level;
        ClassifierBound = model.ClassCount * model.ClassifierBudget;
        FeatureBound = model.ClassCount * model.FeatureBudget;
        featureUnits = new double[columnsOfClass.Length];
        Array.Fill(featureUnits, 1);
        classes = NuclearNormProgram.ForClasses(model);
        firstColumn = new int[columnsOfClass.Length + 1];
        lossWeights = new double[columnsOfClass.Length];
        budgetWeights = new double[columnsOfClass.Length];
        for (int k = 0; k < columnsOfClass.Length; k++)
        {
            int count = columnsOfClass[k];
            firstColumn[k + 1] = MatrixShape.Length((long)firstColumn[k] + count);
            lossWeights[k] = count == 0 ? 0 : classes.Weights[k] / count;
            // Of ‖h_c‖² in what K·E_H bounds: an equal share of ρ_k for each column of the class
            budgetWeights[k] = count == 0 ? 1 : CollapseLaw.FeatureCost(model, model.Groups[model.GroupOfClass[k]]) / count;
        }
    }

    /// <summary>The model.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>What a column stands for.</summary>
    public FactorizedLevel Level { get; }

    /// <summary>p.</summary>
    public int FeatureDimension => Model.FeatureDimension;

    /// <summary>N, the number of feature columns: K at the level of class means.</summary>
    public int ColumnCount => firstColumn[^1];

    /// <summary>β of each column of a class, length K: ω_k over the number of its columns.</summary>
    public ReadOnlySpan<double> LossWeights => lossWeights;

    /// <summary>a_k of each column of a class, length K: one over the number of its columns.</summary>
    public ReadOnlySpan<double> BudgetWeights => budgetWeights;

    /// <summary>K·E_W, the bound on ‖W‖_F².</summary>
    internal double ClassifierBound { get; }

    /// <summary>K·E_H, the bound on Σ_k a_k·Σ‖h‖².</summary>
    internal double FeatureBound { get; }

    /// <summary>K·p, the entries of W, which stand before those of H.</summary>
    internal int ClassifierLength => MatrixShape.Length(Model.ClassCount, FeatureDimension);

    /// <summary>K·p + p·N.</summary>
    internal int Length => MatrixShape.Length(ClassifierLength + ((long)FeatureDimension * ColumnCount));

    /// <summary>The program with one column a class.</summary>
    /// <param name="model">The model.</param>
    public static FactorizedProgram ClassMeans(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Create(model, FactorizedLevel.ClassMeans, _ => 1);
    }

    /// <summary>The program with one column an example, class after class.</summary>
    /// <param name="model">A model whose counts are whole numbers.</param>
    /// <exception cref="ArgumentException">A count is not a whole number, or there are too many features for one array.</exception>
    public static FactorizedProgram SampleLevel(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Create(model, FactorizedLevel.SampleLevel, k =>
        {
            double count = model.Groups[model.GroupOfClass[k]].Count;
            return count == Math.Floor(count)
                ? count
                : throw new ArgumentException(
                    $"Class {k} has {count} examples; at sample level every count must be a whole number. Class means take any count.", nameof(model));
        });
    }

    /// <summary>The program at a given level.</summary>
    /// <param name="model">The model.</param>
    /// <param name="level">What a column stands for.</param>
    public static FactorizedProgram At(LayerPeeledModel model, FactorizedLevel level) =>
        level == FactorizedLevel.SampleLevel ? SampleLevel(model) : ClassMeans(model);

    /// <summary>The columns of class k: the first and how many.</summary>
    /// <param name="classIndex">k.</param>
    public (int First, int Count) ColumnsOf(int classIndex) =>
        (firstColumn[classIndex], firstColumn[classIndex + 1] - firstColumn[classIndex]);

    /// <summary>f(W, H). Budgets are not looked at.</summary>
    /// <param name="point">A point of this program's shape.</param>
    public double Value(FactorizedPoint point)
    {
        Require(point);
        return new FactorizedObjective(this).Evaluate(point.Values);
    }

    /// <summary>f(W, H) and its gradient: with G = ∇f in the logits, ∇_W = G·Hᵀ and ∇_H = Wᵀ·G.</summary>
    /// <param name="point">A point of this program's shape.</param>
    /// <param name="gradient">Receives (∇_W, ∇_H).</param>
    public double Gradient(FactorizedPoint point, out FactorizedPoint gradient)
    {
        Require(point);
        var objective = new FactorizedObjective(this);
        var values = new double[Length];
        double value = objective.Evaluate(point.Values);
        objective.Gradient(point.Values, 1, values);
        gradient = Wrap(values);
        return value;
    }

    /// <summary>The nearest point that keeps both budgets, in the Euclidean norm; a point that keeps them stays as it is.</summary>
    /// <param name="point">A point of this program's shape; not changed.</param>
    /// <exception cref="ArgumentException">The point is so large that its squared norm overflows.</exception>
    public FactorizedPoint Project(FactorizedPoint point)
    {
        Require(point);
        double[] values = point.Values.ToArray();
        Project(values);
        return double.IsFinite(TensorPrimitives.Sum<double>(values))
            ? Wrap(values)
            : throw new ArgumentException("The entries of the point are too large: its squared norm overflows.", nameof(point));
    }

    /// <summary>The class means of the features, p×K; zero for a class without columns.</summary>
    /// <param name="point">A point of this program's shape.</param>
    public Matrix<double> MeansOf(FactorizedPoint point)
    {
        Require(point);
        return FactorExpansion.ClassMeans(ToGroupedFactors(point.Values)).Transpose();
    }

    /// <summary>
    /// (W, H̄) class by class: the point that is certified. By Jensen's inequality class means never increase the loss nor break a budget.
    /// </summary>
    /// <param name="point">A point of this program's shape.</param>
    public GroupedFactors ToGroupedFactors(FactorizedPoint point)
    {
        Require(point);
        return ToGroupedFactors(point.Values);
    }

    /// <summary>Projects both blocks in place.</summary>
    internal void Project(Span<double> values)
    {
        ProjectClassifier(values[..ClassifierLength]);
        ProjectFeatures(values[ClassifierLength..]);
    }

    /// <summary>W ← W·min(1, √(K·E_W)/‖W‖).</summary>
    internal void ProjectClassifier(Span<double> classifier)
    {
        double norm2 = TensorPrimitives.SumOfSquares<double>(classifier);
        if (!(norm2 <= ClassifierBound * (1 + EllipsoidProjection.Slack)))
        {
            TensorPrimitives.Multiply(classifier, double.IsFinite(norm2) ? Math.Sqrt(ClassifierBound / norm2) : double.NaN, classifier);
        }
    }

    /// <summary>h_c ← h_c/(1 + μ·a_k), the projection onto the ellipsoid.</summary>
    internal void ProjectFeatures(Span<double> features)
    {
        int classCount = Model.ClassCount;
        Span<double> norms2 = classCount <= 256 ? stackalloc double[classCount] : new double[classCount];
        for (int k = 0; k < classCount; k++)
        {
            norms2[k] = TensorPrimitives.SumOfSquares<double>(FeaturesOf(features, k));
        }

        double multiplier = EllipsoidProjection.Multiplier(norms2, budgetWeights, FeatureBound);
        if (multiplier == 0)
        {
            return;
        }

        for (int k = 0; k < classCount; k++)
        {
            Span<double> own = FeaturesOf(features, k);
            TensorPrimitives.Multiply(own, 1 / (1 + (multiplier * budgetWeights[k])), own);
        }
    }

    /// <summary>(W, H̄) class by class, in true units, of a point in the units of this program.</summary>
    internal GroupedFactors ToGroupedFactors(ReadOnlySpan<double> values)
    {
        var sums = new double[MatrixShape.Length(Model.ClassCount, FeatureDimension)];
        SumColumns(values[ClassifierLength..], sums);
        return ToGroupedFactors(values[..ClassifierLength], sums);
    }

    /// <summary>The same from W (K×p) and the sums of the features of each class (p×K).</summary>
    internal GroupedFactors ToGroupedFactors(ReadOnlySpan<double> classifier, ReadOnlySpan<double> sums)
    {
        int classCount = Model.ClassCount, p = FeatureDimension;
        var factors = new GroupedFactors(classes, p);
        TensorPrimitives.Multiply(classifier, classifierUnit, factors.ClassifierCoreArray);
        for (int k = 0; k < classCount; k++)
        {
            for (int i = 0; i < p; i++)
            {
                factors.FeatureCoreArray[k + (i * classCount)] = sums[(k * p) + i] * featureUnits[k] / Math.Max(ColumnsOf(k).Count, 1) * classes.FeatureRoots[k];
            }
        }

        return factors;
    }

    /// <summary>Adds the columns of H of each class to the columns of a p×K matrix.</summary>
    internal void SumColumns(ReadOnlySpan<double> features, Span<double> sums)
    {
        int p = FeatureDimension;
        for (int k = 0; k < Model.ClassCount; k++)
        {
            (int first, int count) = ColumnsOf(k);
            Span<double> sum = sums.Slice(k * p, p);
            for (int c = first; c < first + count; c++)
            {
                TensorPrimitives.Add(sum, features.Slice(c * p, p), sum);
            }
        }
    }

    internal FactorizedPoint Wrap(double[] values) => new(values, Model.ClassCount, FeatureDimension);

    internal void Require(FactorizedPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (point.ClassCount != Model.ClassCount || point.FeatureDimension != FeatureDimension || point.ColumnCount != ColumnCount)
        {
            throw new ArgumentException(
                $"W must be {Model.ClassCount}×{FeatureDimension} and H {FeatureDimension}×{ColumnCount}; "
                + $"got {point.ClassCount}×{point.FeatureDimension} and {point.FeatureDimension}×{point.ColumnCount}.", nameof(point));
        }
    }

    private static FactorizedProgram Create(LayerPeeledModel model, FactorizedLevel level, Func<int, double> columnsOf)
    {
        double[] columns = Enumerable.Range(0, model.ClassCount).Select(columnsOf).ToArray();
        double numbers = (double)(model.ClassCount + columns.Sum()) * Math.Max(model.FeatureDimension, model.ClassCount);
        return numbers <= Array.MaxLength
            ? new FactorizedProgram(model, level, Array.ConvertAll(columns, count => (int)count))
            : throw new ArgumentException(
                $"{columns.Sum()} feature columns of dimension {model.FeatureDimension} for {model.ClassCount} classes do not fit into one array.", nameof(model));
    }

    private Span<double> FeaturesOf(Span<double> features, int k) =>
        features[(firstColumn[k] * FeatureDimension)..(firstColumn[k + 1] * FeatureDimension)];
}
