using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// What the step rules share that work on a <see cref="SampleHistory"/>: the steps of <see cref="ProjectedGradientRun"/>, with every inner
/// product of feature blocks taken from logits, slopes and W·Wᵀ instead of from features. Those differences cancel where the moves do, so
/// stationarity is resolved to <see cref="Resolution"/> and never reported below it.
/// </summary>
internal abstract class FusedRun : SolverRun, ISampleFeatures
{
    /// <inheritdoc cref="ProjectedGradientRun.LongestStep"/>
    protected const double LongestStep = 1e6;

    /// <inheritdoc cref="ProjectedGradientRun.LongestStep"/>
    protected const double ShortestStep = 1e-12;

    // A squared length from terms of the size 1 is known to this: several ulps.
    private const double Resolution = 4e-16;
    private readonly Merit merit;
    private readonly double classifierScale;
    private readonly double featureScale;
    private readonly double[] moved;
    private readonly double[] shrinks;
    private double[]? kept;
    private double bestValue;
    private ProgressWatch progress;

    protected FusedRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start, bool meritIsValue = false)
    {
        Program = program;
        Options = options;
        History = new SampleHistory(program, start);
        classifierScale = Math.Sqrt(program.ClassifierBound);
        featureScale = FeatureScale(program);
        moved = new double[Current.Classifier.Length];
        shrinks = new double[program.Model.ClassCount];
        Alpha = new double[program.Model.ClassCount];
        Beta = new double[program.Model.ClassCount];
        double value = Current.Value;
        merit = new Merit(program.Model.Loss, value, meritIsValue);
        bestValue = value;
        progress = new ProgressWatch(value);
        Measure();
    }

    public override double GapEstimate
    {
        get
        {
            double slope = GradientFactor * TensorPrimitives.Dot<double>(Current.Gradient, Current.Classifier);
            return merit.GapEstimate(Stationarity, slope, Objective);
        }
    }

    /// <summary>The features and their last steps.</summary>
    public SampleHistory History { get; }

    protected FactorizedProgram Program { get; }

    protected ProjectedGradientOptions Options { get; }

    protected SampleHistory.State Current => History.Current;

    /// <summary>φ at the current point.</summary>
    protected double Merit => ToMerit(Current.Value);

    /// <summary>Roundoff in φ.</summary>
    protected double MeritNoise => merit.Noise(Merit);

    /// <summary>∇φ = this·∇f.</summary>
    protected double GradientFactor => merit.GradientFactor(Current.Value);

    /// <summary>α of each class: the step is h ← α·h − β·Wᵀg.</summary>
    protected double[] Alpha { get; }

    /// <summary>β of each class.</summary>
    protected double[] Beta { get; }

    public override GroupedFactors Point() => History.BestFactors();

    public override void PointKept()
    {
        kept ??= new double[MatrixShape.Length(Program.FeatureDimension, Program.ColumnCount)];
        History.CopyBestFeatures(kept);
    }

    public Matrix<double>? KeptFeatures()
    {
        Program.FeaturesToTrueUnits(kept);
        return Matrix<double>.Build.Dense(Program.FeatureDimension, Program.ColumnCount, kept);
    }

    /// <summary>The norm of H when every class uses an equal share of the budget: √(N·E_H) in true units.</summary>
    private static double FeatureScale(FactorizedProgram program)
    {
        double sum = 0;
        for (int k = 0; k < program.Model.ClassCount; k++)
        {
            sum += program.ColumnsOf(k).Count == 0 ? 0 : 1 / program.BudgetWeights[k];
        }

        return Math.Sqrt(program.FeatureBound / program.Model.ClassCount * sum);
    }

    /// <summary>φ from f.</summary>
    protected double ToMerit(double value) => merit.Of(value);

    /// <summary>The step that moves by a fraction of the size of the feasible set.</summary>
    protected double StepFor(double fraction)
    {
        double norm = GradientFactor * Math.Sqrt(
            TensorPrimitives.SumOfSquares<double>(Current.Gradient) + TensorPrimitives.Sum<double>(Current.SlopeGram));
        return norm > 0 ? fraction * Math.Sqrt((classifierScale * classifierScale) + (featureScale * featureScale)) / norm : 1;
    }

    /// <summary>P(x − step·∇f): the classifier goes to a buffer, α and β of the features to <see cref="Alpha"/> and <see cref="Beta"/>.</summary>
    protected void ProjectedStep(double step, double[] classifier)
    {
        ProjectedClassifier(step, classifier);
        ProjectedFeatures(step);
    }

    /// <summary>Makes the trial point, evaluated, the current one.</summary>
    protected void Accept()
    {
        double value = History.Trial.Value;
        bool isBest = value <= bestValue + (1e-15 * Math.Abs(bestValue));
        bestValue = isBest ? Math.Min(value, bestValue) : bestValue;
        History.Accept(isBest);
        Measure();
    }

    private void ProjectedClassifier(double step, double[] classifier)
    {
        TensorPrimitives.MultiplyAdd(Current.Gradient, -step, Current.Classifier, classifier);
        Program.ProjectClassifier(classifier);
    }

    private void ProjectedFeatures(double step)
    {
        for (int k = 0; k < Alpha.Length; k++)
        {
            // ‖h − t·Wᵀg‖²
            shrinks[k] = Math.Max(0, Current.Norms2[k] - (2 * step * Current.SlopeLogits[k]) + (step * step * Current.SlopeGram[k]));
        }

        double multiplier = EllipsoidProjection.Multiplier(shrinks, Program.BudgetWeights, Program.FeatureBound);
        for (int k = 0; k < Alpha.Length; k++)
        {
            Alpha[k] = 1 / (1 + (multiplier * Program.BudgetWeights[k]));
            Beta[k] = Alpha[k] * step;
        }
    }

    // As ProjectedGradientRun does, with the lengths of features from sums.
    private void Measure()
    {
        Objective = Current.Value;
        Stationarity = Math.Max(ClassifierMove(), FeatureMove());
        Stalled |= progress.HasEnded(Objective, Stationarity) || merit.HasVanished(Objective);
    }

    private double ClassifierMove()
    {
        double norm = TensorPrimitives.Norm<double>(Current.Gradient);
        if (norm == 0)
        {
            return 0;
        }

        ProjectedClassifier(classifierScale / norm, moved);
        return TensorPrimitives.Distance<double>(moved, Current.Classifier) / classifierScale;
    }

    private double FeatureMove()
    {
        double norm = Math.Sqrt(TensorPrimitives.Sum<double>(Current.SlopeGram));
        if (norm == 0)
        {
            return 0;
        }

        ProjectedFeatures(featureScale / norm);
        return Math.Sqrt(SquaredMove()) / featureScale;
    }

    /// <summary>Σ‖(α − 1)·h − β·Wᵀg‖² over all features, at least its roundoff.</summary>
    protected double SquaredMove()
    {
        double sum = 0, size = 0;
        for (int k = 0; k < Alpha.Length; k++)
        {
            double shrink = Alpha[k] - 1, old = shrink * shrink * Current.Norms2[k], gradient = Beta[k] * Beta[k] * Current.SlopeGram[k];
            sum += old - (2 * shrink * Beta[k] * Current.SlopeLogits[k]) + gradient;
            size += old + gradient;
        }

        return Math.Max(sum, Resolution * size);
    }
}
