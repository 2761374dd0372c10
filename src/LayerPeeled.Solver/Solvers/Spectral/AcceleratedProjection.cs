using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.Spectral;

/// <summary>
/// Accelerated projected or proximal gradient (Beck and Teboulle 2009) with steps that shrink by backtracking and grow again (Scheinberg, Goldfarb
/// and Bai 2014) and with adaptive restart (O'Donoghue and Candès 2015). The objective never rises.
/// </summary>
internal sealed class AcceleratedProjection
{
    // Below this relative change of the objective the descent test is decided by the gradients: the values have lost its digits.
    private const double ReliableChange = 1e-7;

    // Where the curvature along the step is below this share of 1/t, the step grows faster.
    private const double FlatCurvature = 0.2;
    private const double FastGrowth = 3;

    // A step that reaches further than this many radii only costs digits of Z.
    private const double MaximumReach = 1e3;
    private const double MaximumStep = 1e300;

    private const int MaximumTrials = 60;
    private const int Patience = 60;

    private readonly ISpectralObjective objective;
    private readonly double radius;
    private readonly double growth;
    private readonly bool accelerate;
    private readonly GroupedMatrix extrapolated;
    private readonly GroupedMatrix gradient;
    private readonly GroupedMatrix difference;
    private GroupedMatrix current;
    private GroupedMatrix currentGradient;
    private GroupedMatrix previous;
    private GroupedMatrix trial;
    private GroupedMatrix trialGradient;
    private double smooth;
    private double term;
    private double trialValue;
    private double trialTerm;
    private double trialDistance;
    private double trialCurvature;
    private double momentum = 1;
    private double lowest = double.PositiveInfinity;
    private double mostStationary = double.PositiveInfinity;
    private int idle;

    public AcceleratedProjection(ISpectralObjective objective, GroupedMatrix start, double radius, double growth, bool accelerate)
    {
        this.objective = objective;
        this.radius = radius;
        this.growth = growth;
        this.accelerate = accelerate;
        current = start.Clone();
        currentGradient = start.Clone();
        previous = start.Clone();
        trial = start.Clone();
        trialGradient = start.Clone();
        extrapolated = start.Clone();
        gradient = start.Clone();
        difference = start.Clone();
        Restart(start);
    }

    public GroupedMatrix Current => current;

    public GroupedMatrix CurrentGradient => currentGradient;

    public double Value => smooth + term;

    /// <summary>‖Y − Z⁺‖/(t·‖G‖), the gradient mapping relative to the gradient.</summary>
    public double Stationarity { get; private set; } = double.PositiveInfinity;

    public bool Stalled { get; private set; }

    /// <summary>The step t. Kept by <see cref="Restart"/>.</summary>
    public double Step { get; set; } = 1;

    /// <summary>Begins again at another point of the ball, without momentum.</summary>
    public void Restart(GroupedMatrix start)
    {
        current.CopyFrom(start);
        previous.CopyFrom(start);
        (smooth, term) = (objective.Gradient(current, currentGradient), objective.Term(current));
        (momentum, lowest, mostStationary, idle, Stalled) = (1, double.PositiveInfinity, double.PositiveInfinity, 0, false);
    }

    public void Iterate(IterationControl control)
    {
        double value = smooth, step = Step;
        if (currentGradient.FrobeniusNorm() == 0)
        {
            Stationarity = 0;
            Stalled = true;
            return;
        }

        if (momentum > 1)
        {
            // θ⁺ = (1 + √(1 + 4θ²))/2, Y = Z + ((θ − 1)/θ⁺)(Z − Z_previous)
            double next = Next(momentum);
            Extrapolate((momentum - 1) / next);
            momentum = next;
            value = objective.Gradient(extrapolated, gradient);
            if (!TryStep(control, value, ref step) || Value - (trialValue + trialTerm) < -1e-15 * Math.Abs(Value))
            {
                momentum = 1;
                value = smooth;
            }
        }
        else
        {
            momentum = 1;
        }

        if (momentum == 1)
        {
            extrapolated.CopyFrom(current);
            gradient.CopyFrom(currentGradient);
            if (!TryStep(control, value, ref step))
            {
                Stalled |= !control.ShouldStop;
                return;
            }

            momentum = accelerate ? Next(1) : 1;
        }

        Accept(step);
    }

    private static double Next(double momentum) => (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;

    private void Extrapolate(double factor)
    {
        extrapolated.CopyFrom(current);
        extrapolated.Add(factor, current);
        extrapolated.Add(-factor, previous);
    }

    // Z⁺ = prox(Y − tG), t shrunk until the quadratic model with curvature 1/t lies above the smooth function at Z⁺.
    private bool TryStep(IterationControl control, double value, ref double step)
    {
        double norm = gradient.FrobeniusNorm();
        step = Math.Min(Math.Min(step, MaximumReach * radius / norm), MaximumStep);
        for (int i = 0; i < MaximumTrials; i++)
        {
            trial.CopyFrom(extrapolated);
            trial.Add(-step, gradient);
            trialTerm = objective.Proximal(trial, step);
            trialValue = objective.Gradient(trial, trialGradient);
            difference.CopyFrom(trial);
            difference.Add(-1, extrapolated);
            double square = difference.Inner(difference), linear = gradient.Inner(difference);
            trialDistance = Math.Sqrt(square);
            trialCurvature = square == 0 ? 0 : (trialGradient.Inner(difference) - linear) / square;
            bool accepted = Math.Abs(trialValue - value) > ReliableChange * Math.Abs(value)
                ? trialValue <= value + linear + (square / (2 * step))
                : trialCurvature * step <= 1;
            if (accepted)
            {
                return true;
            }

            if (control.ShouldStop)
            {
                return false;
            }

            double model = 0.9 / trialCurvature;
            step *= model > 0 ? Math.Clamp(model / step, 0.1, 0.6) : 0.5;
        }

        return false;
    }

    private void Accept(double step)
    {
        double norm = gradient.FrobeniusNorm();
        Stationarity = norm == 0 ? 0 : trialDistance / (step * norm);
        // Momentum that points uphill is dropped: ⟨Y − Z⁺, Z⁺ − Z⟩ > 0.
        if (difference.Inner(current) - difference.Inner(trial) > 0)
        {
            momentum = 1;
        }

        (previous, current, trial) = (current, trial, previous);
        (currentGradient, trialGradient) = (trialGradient, currentGradient);
        (smooth, term) = (trialValue, trialTerm);
        Step = step * (growth > 1 && trialCurvature * step < FlatCurvature ? Math.Max(FastGrowth, growth) : growth);

        bool improved = Value < lowest - (1e-15 * Math.Abs(lowest)) || Stationarity < 0.9 * mostStationary;
        idle = improved ? 0 : idle + 1;
        lowest = Math.Min(lowest, Value);
        mostStationary = Math.Min(mostStationary, Stationarity);
        Stalled |= idle >= Patience;
    }
}
