using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>A smooth convex function on a nuclear-norm ball, or on the part of the ball that lies in some subspace.</summary>
internal interface IBallObjective
{
    /// <summary>The value at a point and its gradient.</summary>
    double Gradient(GroupedMatrix point, GroupedMatrix gradient);

    /// <summary>The nearest point of the ball, in place.</summary>
    void Project(GroupedMatrix point);
}
