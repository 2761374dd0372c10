using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>The objective of a <see cref="NuclearNormProgram"/> on its whole ball, in one unit.</summary>
internal sealed class BallObjective(NuclearNormProgram program, double logUnit) : IBallObjective
{
    private readonly NuclearNormProjection projection = new(program.SizesArray);

    public double Gradient(GroupedMatrix point, GroupedMatrix gradient) => program.GradientInUnit(point, gradient, logUnit);

    public void Project(GroupedMatrix point)
    {
        projection.Project(point, program.Radius);
        BallStart.ClearWeightless(program, point);
    }
}
