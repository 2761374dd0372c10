using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// Bounds on the multiplier λ of the optimum, long before it is known to all digits. The optimum p(r) is convex in the radius and −λ is its slope: a
/// feasible Z and a lower bound b ≤ p(r) give (b − f((1 + δ)Z))/(δr) ≤ λ ≤ (f((1 − δ)Z) − b)/(δr) for every δ between 0 and 1, tight to the root of the gap.
/// </summary>
internal static class MultiplierBounds
{
    private const double LargestStep = 0.5;
    private const double StepRatio = 0.25;
    private const int Steps = 14;

    /// <summary>The best bounds over a grid of δ.</summary>
    /// <param name="point">A point; scaled back into the ball where it is outside.</param>
    /// <param name="lowerBound">A lower bound of the optimum of its program.</param>
    public static (double Least, double Most) Of(GroupedFactors point, double lowerBound)
    {
        NuclearNormProgram program = point.Program;
        GroupedMatrix logits = program.CreateMatrix(), scaled = program.CreateMatrix();
        point.ProvenProduct(logits);
        logits.Scale(Math.Min(1, program.Radius / point.NuclearNormBound()));
        double least = 0, most = double.PositiveInfinity;
        double step = LargestStep;
        for (int i = 0; i < Steps; i++, step *= StepRatio)
        {
            least = Math.Max(least, (lowerBound - Value(1 + step)) / (step * program.Radius));
            most = Math.Min(most, (Value(1 - step) - lowerBound) / (step * program.Radius));
        }

        return (least, most);

        double Value(double factor)
        {
            scaled.CopyFrom(logits);
            scaled.Scale(factor);
            return program.Value(scaled);
        }
    }
}
