using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// What the step rules share: the buffers, the merit φ (log f, scaled f, or f), the best point, and the measure of stationarity. A point
/// is one array, W (K×p, column-major) and then H (p×N, column-major).
/// </summary>
internal abstract class ProjectedGradientRun : SolverRun, ISampleFeatures
{
    /// <summary>Steps are kept between these multiples of the size of the feasible set; on the larger, P depends on the gradient alone.</summary>
    protected const double LongestStep = 1e6;

    /// <inheritdoc cref="LongestStep"/>
    protected const double ShortestStep = 1e-12;

    private readonly FactorizedObjective objective;
    private readonly Merit merit;
    private readonly double classifierScale;
    private readonly double featureScale;
    private readonly double[]? kept;
    private double[]? best;
    private double bestValue;
    private bool pointIsBest = true;
    private ProgressWatch progress;

    protected ProjectedGradientRun(FactorizedProgram program, ProjectedGradientOptions options, double[] start, bool meritIsValue = false)
    {
        Program = program;
        Options = options;
        objective = new FactorizedObjective(program);
        classifierScale = Math.Sqrt(program.ClassifierBound);
        // the norm of H when every class uses an equal share of the budget: √(N·E_H) in true units
        featureScale = Math.Sqrt(program.FeatureBound / program.Model.ClassCount * Enumerable.Range(0, program.Model.ClassCount)
            .Sum(k => program.ColumnsOf(k).Count == 0 ? 0 : 1 / program.BudgetWeights[k]));
        kept = program.Level == FactorizedLevel.SampleLevel ? new double[program.Length] : null;
        Current = start;
        Trial = new double[start.Length];
        Gradient = new double[start.Length];
        double value = objective.Evaluate(start);
        merit = new Merit(program.Model.Loss, value, meritIsValue);
        Objective = bestValue = value;
        progress = new ProgressWatch(value);
        Merit = ToMerit(value);
        MeritGradient(start, value, Gradient);
        Measure();
    }

    public override double GapEstimate
    {
        get
        {
            double slope = TensorPrimitives.Dot<double>(Gradient.AsSpan(0, Program.ClassifierLength), Current.AsSpan(0, Program.ClassifierLength));
            return merit.GapEstimate(Stationarity, slope, Objective);
        }
    }

    protected FactorizedProgram Program { get; }

    protected ProjectedGradientOptions Options { get; }

    /// <summary>x, always feasible.</summary>
    protected double[] Current { get; private set; }

    /// <summary>Where the next point is made; scratch between iterations.</summary>
    protected double[] Trial { get; private set; }

    /// <summary>∇φ(x).</summary>
    protected double[] Gradient { get; private set; }

    /// <summary>φ(x).</summary>
    protected double Merit { get; private set; }

    /// <summary>Roundoff in φ.</summary>
    protected double MeritNoise => merit.Noise(Merit);

    /// <summary>The current point in true units, feasible; a copy.</summary>
    public FactorizedPoint CurrentPoint()
    {
        var values = (double[])Current.Clone();
        Program.ToTrueUnits(values);
        return Program.Wrap(values);
    }

    public override GroupedFactors Point() => Program.ToGroupedFactors(pointIsBest ? Current : best!);

    public override void PointKept()
    {
        if (kept is not null)
        {
            (pointIsBest ? Current : best!).CopyTo(kept, 0);
        }
    }

    public Matrix<double>? KeptFeatures()
    {
        if (kept is null)
        {
            return null;
        }

        var values = (double[])kept.Clone();
        Program.ToTrueUnits(values);
        return Program.Wrap(values).Features;
    }

    /// <summary>f at a point.</summary>
    protected double Evaluate(double[] point) => objective.Evaluate(point);

    /// <summary>φ from f.</summary>
    protected double ToMerit(double value) => merit.Of(value);

    /// <summary>∇φ at the point that was last evaluated.</summary>
    /// <param name="point">The point.</param>
    /// <param name="value">f there.</param>
    /// <param name="gradient">Receives ∇φ.</param>
    protected void MeritGradient(double[] point, double value, double[] gradient) =>
        objective.Gradient(point, merit.GradientFactor(value), gradient);

    /// <summary>The step that moves by a fraction of the size of the feasible set.</summary>
    protected double StepFor(double fraction)
    {
        double norm = TensorPrimitives.Norm<double>(Gradient);
        return norm > 0 ? fraction * Math.Sqrt((classifierScale * classifierScale) + (featureScale * featureScale)) / norm : 1;
    }

    /// <summary>trial ← P(from − step·gradient).</summary>
    protected void ProjectedStep(double[] from, double step, double[] gradient)
    {
        TensorPrimitives.MultiplyAdd(gradient, -step, from, Trial);
        Program.Project(Trial);
    }

    /// <summary>Makes the trial point, last evaluated, the current one, with its gradient in a given buffer.</summary>
    /// <param name="value">f at the trial point.</param>
    /// <param name="gradient">Receives ∇φ and becomes <see cref="Gradient"/>.</param>
    /// <returns>The buffer that was <see cref="Gradient"/>.</returns>
    protected double[] Accept(double value, double[] gradient)
    {
        // The best point is left behind by trading buffers, never by a copy.
        bool isBest = value <= bestValue + (1e-15 * Math.Abs(bestValue));
        if (pointIsBest && !isBest)
        {
            best ??= new double[Current.Length];
            (best, Current, Trial) = (Current, Trial, best);
        }
        else
        {
            (Current, Trial) = (Trial, Current);
        }

        pointIsBest = isBest;
        bestValue = isBest ? Math.Min(value, bestValue) : bestValue;
        Objective = value;
        Merit = ToMerit(value);
        MeritGradient(Current, value, gradient);
        double[] previous = Gradient;
        Gradient = gradient;
        Measure();
        return previous;
    }

    // The larger of ‖P(x − t∇) − x‖/ρ over the two blocks with t = ρ/‖∇‖ and ρ the size of the block: free of every scale.
    private void Measure()
    {
        int split = Program.ClassifierLength;
        double classifier = ProjectedStepLength(0, split, classifierScale), features = ProjectedStepLength(split, Current.Length - split, featureScale);
        Stationarity = Math.Max(classifier, features);
        Stalled |= progress.HasEnded(Objective, Stationarity) || merit.HasVanished(Objective);
    }

    private double ProjectedStepLength(int start, int length, double scale)
    {
        ReadOnlySpan<double> gradient = Gradient.AsSpan(start, length), point = Current.AsSpan(start, length);
        Span<double> moved = Trial.AsSpan(start, length);
        double norm = TensorPrimitives.Norm(gradient);
        if (norm == 0)
        {
            return 0;
        }

        TensorPrimitives.MultiplyAdd(gradient, -scale / norm, point, moved);
        if (start == 0)
        {
            Program.ProjectClassifier(moved);
        }
        else
        {
            Program.ProjectFeatures(moved);
        }

        return TensorPrimitives.Distance<double>(moved, point) / scale;
    }
}
