using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// Newton's method with a trust region; the model is minimised by truncated preconditioned conjugate gradients (Steihaug, Toint), in whose norm the
/// region is a ball. The Hessian is singular along rotations of the common coordinates, in which nothing changes: the residuals stay in its range.
/// </summary>
internal sealed class TrustRegionNewton
{
    private const double SmallestRegion = 1e-14;

    // The first region: so many times the length that the preconditioner alone would go; without one, a share of the point's own size.
    private const double FirstRegion = 4;
    private const double FirstShare = 0.1;

    // Relative residuals at which conjugate gradients stop. A preconditioned solve brings a digit in some four steps whatever the problem, so
    // several inaccurate ones with the same preconditioner are the shortest way; off the optimum the Hessian is not quite singular along the
    // rotations either, and more digits would be spent on those. Close to it, from a stationarity of 4e-4 on, they are not.
    private const double PreconditionedResidual = 0.2;
    private const double LeastPreconditionedResidual = 0.01;
    private const double ResidualScale = 10;

    // Where the gap needs but a little more
    private const double LooseResidual = 0.3;
    private const double LargestResidual = 0.1;
    private const double SmallestResidual = 1e-3;

    // While steps reduce the stationarity by this, the preconditioner of an earlier point will do, unless a digit takes more conjugate-gradient steps
    // than a new one costs, and that many times what it took when it was new.
    private const double GoodReduction = 0.4;
    private const int UpdateCost = 5;
    private const double Ageing = 1.3;
    private readonly ICurvedObjective objective;
    private readonly FactorObjective? factors;
    private readonly IFactorPreconditioner? preconditioner;
    private readonly int maxInnerIterations;
    private readonly double[] step;
    private readonly double[] residual;
    private readonly double[] search;
    private readonly double[] product;
    private readonly double[] preconditioned;
    private double radius = double.NaN;
    private double smallestRadius;
    private double lastStationarity = double.NaN;

    // Conjugate-gradient steps that a digit took in the last solve, and in the one after the last update
    private double lastCost;
    private double freshCost;

    public TrustRegionNewton(FactorObjective objective, IFactorPreconditioner? preconditioner, int maxInnerIterations)
        : this(objective, maxInnerIterations, preconditioner) => factors = objective;

    public TrustRegionNewton(ICurvedObjective objective, int maxInnerIterations)
        : this(objective, maxInnerIterations, null)
    {
    }

    private TrustRegionNewton(ICurvedObjective objective, int maxInnerIterations, IFactorPreconditioner? preconditioner)
    {
        (this.objective, this.preconditioner, this.maxInnerIterations) = (objective, preconditioner, maxInnerIterations);
        int dimension = objective.Dimension;
        (step, residual, search, product) = (new double[dimension], new double[dimension], new double[dimension], new double[dimension]);
        preconditioned = preconditioner is null ? residual : new double[dimension];
    }

    /// <summary>The largest relative change of any group's classifiers or class means in the last step.</summary>
    public double LargestChange { get; private set; } = double.PositiveInfinity;

    /// <summary>One accepted step, with as many reductions of the region as it takes.</summary>
    /// <returns>False when no step makes progress any more.</returns>
    /// <param name="iterate">The point, which the step replaces.</param>
    /// <param name="control">When to stop.</param>
    /// <param name="sufficient">A reduction of the stationarity with which the solve ends: no more digits are looked for.</param>
    public bool Step(FactorIterate iterate, IterationControl control, double sufficient = 0)
    {
        double stationarity = objective.Stationarity;
        bool fresh = !(stationarity < GoodReduction * lastStationarity) || lastCost > Math.Max(UpdateCost, Ageing * freshCost);
        if (fresh)
        {
            preconditioner?.Update(factors!);
        }

        lastStationarity = stationarity;
        do
        {
            double predicted = Minimise(iterate, stationarity, sufficient, control, out double length);
            freshCost = fresh ? lastCost : freshCost;
            TensorPrimitives.Add(iterate.Point, step, iterate.TrialPoint);
            double trialValue = iterate.EvaluateTrial();
            double actual = iterate.Value - trialValue, ratio = actual / predicted;
            // Decreases below the roundoff of φ cannot be measured: then a smaller gradient is the progress.
            bool measurable = predicted > iterate.Noise;
            bool accept = measurable ? actual > 0.05 * predicted : actual > -iterate.Noise && objective.Stationarity < 0.9 * stationarity;
            if (!measurable && !accept)
            {
                break;
            }

            if (measurable && !(ratio > 0.25))
            {
                radius = 0.25 * Math.Min(radius, length);
            }
            else if (length > 0.9 * radius && (!measurable || ratio > 0.75))
            {
                radius *= 3;
            }

            if (accept)
            {
                LargestChange = objective.LargestChange(iterate.Point, step);
                iterate.Accept(trialValue);
                return true;
            }

            iterate.Return();
            if (control.ShouldStop)
            {
                return true;
            }
        }
        while (radius > smallestRadius);

        iterate.Return();
        return false;
    }

    // Fills step; returns the decrease that the quadratic model predicts, and the length of the step.
    private double Minimise(FactorIterate iterate, double stationarity, double sufficient, IterationControl control, out double length)
    {
        Array.Clear(step);
        TensorPrimitives.Negate(iterate.Gradient, residual);
        Precondition();
        preconditioned.CopyTo(search, 0);
        double square = TensorPrimitives.Dot<double>(residual, preconditioned), predicted = 0;
        if (double.IsNaN(radius))
        {
            radius = preconditioner is null ? FirstShare * TensorPrimitives.Norm<double>(iterate.Point) : FirstRegion * Math.Sqrt(square);
            smallestRadius = SmallestRegion * radius;
        }

        // ‖step‖², ⟨step, search⟩ and ‖search‖² in the norm of the preconditioner, by their recurrences
        double stepSquare = 0, cross = 0, searchSquare = square;
        // The more stationary the point, the more accurate the solve; but along the rotations the residual is roundoff that never falls.
        double reduction = preconditioner is null ? Math.Clamp(stationarity, SmallestResidual, LargestResidual)
            : Math.Max(Math.Clamp(ResidualScale * Math.Sqrt(stationarity), LeastPreconditionedResidual, PreconditionedResidual), Math.Min(sufficient, LooseResidual));
        double target = square * reduction * reduction;
        int innerIterations = 0;
        for (; innerIterations < maxInnerIterations && square > target && !control.ShouldStop; innerIterations++)
        {
            objective.CurvatureProduct(iterate.Gradient, search, product);
            double curvature = TensorPrimitives.Dot<double>(search, product);
            double along = curvature > 0 ? square / curvature : double.PositiveInfinity;
            // τ > 0 with ‖step + τ·search‖ = radius
            double boundary = (-cross + Math.Sqrt(Math.Max(0, (cross * cross) + (searchSquare * ((radius * radius) - stepSquare))))) / searchSquare;
            if (!(curvature > 0) || along >= boundary)
            {
                TensorPrimitives.MultiplyAdd(search, boundary, step, step);
                (length, lastCost) = (radius, 0);
                return predicted + (boundary * square) - (0.5 * boundary * boundary * curvature);
            }

            TensorPrimitives.MultiplyAdd(search, along, step, step);
            TensorPrimitives.MultiplyAdd(product, -along, residual, residual);
            predicted += 0.5 * along * square;
            stepSquare += along * ((2 * cross) + (along * searchSquare));
            Precondition();
            double next = TensorPrimitives.Dot<double>(residual, preconditioned), ratio = next / square;
            TensorPrimitives.MultiplyAdd(search, ratio, preconditioned, search);
            cross = ratio * (cross + (along * searchSquare));
            searchSquare = next + (ratio * ratio * searchSquare);
            square = next;
        }

        length = Math.Sqrt(Math.Max(0, stepSquare));
        lastCost = innerIterations / Math.Max(1, -Math.Log10(reduction));
        return predicted;
    }

    // Without a preconditioner the two arrays are one.
    private void Precondition() => preconditioner?.Apply(residual, preconditioned, factors!.Scale(0), factors.Scale(1));
}
