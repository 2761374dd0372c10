namespace LayerPeeled.Solver.Model;

/// <summary>Classes with equal data, interchangeable in the model.</summary>
/// <param name="Classes">How many classes the group has, at least 1.</param>
/// <param name="Count">Examples of each of its classes; may be fractional, may be zero (the paper's R = ∞).</param>
/// <param name="LossWeight">Weight of the loss of each of its examples (re-weighting or oversampling rate), 1 by default.</param>
public readonly record struct ClassGroup(int Classes, double Count, double LossWeight = 1)
{
    /// <summary>Examples the group's classes act as: <c>Count × LossWeight</c>. Weighting by w is the model with w times the examples.</summary>
    public double EffectiveCount => Count * LossWeight;
}
