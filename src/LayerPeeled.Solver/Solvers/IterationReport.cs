namespace LayerPeeled.Solver.Solvers;

/// <summary>One line of a solver's progress.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Objective">Average loss at the current point; 0 where it underflows.</param>
/// <param name="Stationarity">The method's relative measure of stationarity, zero at an optimum.</param>
/// <param name="RelativeGap">Relative gap of the latest certificate, NaN before the first.</param>
/// <param name="Elapsed">Time since the solve began.</param>
public readonly record struct IterationReport(
    string Method, int Iteration, double Objective, double Stationarity, double RelativeGap, TimeSpan Elapsed)
{
    /// <summary>log₁₀ of the objective, also where it is too small for a double.</summary>
    public double Log10Objective { get; init; }
}
