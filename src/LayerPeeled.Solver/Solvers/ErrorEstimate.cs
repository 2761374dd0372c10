namespace LayerPeeled.Solver.Solvers;

/// <summary>What a second-order method knows of the errors of its point from its last step; +∞ where nothing is known.</summary>
/// <param name="Geometry">Estimate of <see cref="LayerPeeledSolution.GeometryError"/>.</param>
/// <param name="Multiplier">Estimate of the relative error of λ.</param>
internal readonly record struct ErrorEstimate(double Geometry, double Multiplier)
{
    public static ErrorEstimate Unknown { get; } = new(double.PositiveInfinity, double.PositiveInfinity);
}
