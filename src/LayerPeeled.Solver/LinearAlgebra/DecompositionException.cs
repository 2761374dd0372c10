namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>
/// A matrix could not be decomposed: the iteration did not converge, or there is no finite matrix. Inside a solve it ends as a status; elsewhere
/// callers see the <see cref="ArithmeticException"/> that it is.
/// </summary>
internal sealed class DecompositionException(string message) : ArithmeticException(message);
