using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.Spectral;

/// <summary>A smooth convex function with a spectral term, a ball or a penalty, on the whole space or on some subspace.</summary>
internal interface ISpectralObjective
{
    /// <summary>The value of the smooth function at a point and its gradient.</summary>
    double Gradient(GroupedMatrix point, GroupedMatrix gradient);

    /// <summary>The proximal step of the term, in place: argmin term(Z) + ‖Z − point‖²/(2·step), for a ball its nearest point.</summary>
    /// <returns>The term at the new point: 0 in a ball.</returns>
    double Proximal(GroupedMatrix point, double step);

    /// <summary>The term at a point, 0 for one in the ball.</summary>
    double Term(GroupedMatrix point);
}
