namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>How the unconstrained model is trained.</summary>
public enum FlowRule
{
    /// <summary>
    /// Gradient flow dx/dt = −∇f(x), integrated in the loss-normalised time τ = ∫ f dt, in which it is dx/dτ = −∇ log f(x) and ‖x‖ grows
    /// exponentially, by the explicit Runge–Kutta pair of orders 5 and 4 of Dormand and Prince (1980) with steps from its own error estimate.
    /// </summary>
    Flow,

    /// <summary>Gradient descent x ← x − η·∇f(x) with one η throughout. Time is t = η·steps: ‖x‖ grows like the root of log t.</summary>
    Descent,
}
