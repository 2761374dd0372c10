namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>A function to be minimised without constraints, by quasi-Newton steps.</summary>
internal interface ISmoothObjective
{
    /// <summary>φ at a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="gradient">Receives ∇φ.</param>
    double Evaluate(ReadOnlySpan<double> point, Span<double> gradient);
}
