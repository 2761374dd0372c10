namespace LayerPeeled.Solver.Losses;

/// <summary>A parameter of a loss in the catalogue.</summary>
/// <param name="Name">Its name, for example <c>gamma</c>.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="Least">The least value that is allowed.</param>
/// <param name="Largest">The largest value that is allowed.</param>
/// <param name="Description">What it is, in a few words.</param>
public sealed record LossParameter(string Name, double Default, double Least, double Largest, string Description);
