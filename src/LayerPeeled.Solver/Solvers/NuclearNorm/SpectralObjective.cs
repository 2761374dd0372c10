using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.NuclearNorm;

/// <summary>The objective of a <see cref="NuclearNormProgram"/>, in one unit.</summary>
internal sealed class SpectralObjective(NuclearNormProgram program, double logUnit) : ISpectralObjective
{
    private readonly NuclearNormProjection projection = new(program.SizesArray);

    public double Gradient(GroupedMatrix point, GroupedMatrix gradient) => program.GradientInUnit(point, gradient, logUnit);

    public double Proximal(GroupedMatrix point, double step)
    {
        double term = 0;
        if (program.Term is NuclearPenalty penalty)
        {
            term = penalty.Lambda * projection.Shrink(point, penalty.Lambda * step);
        }
        else
        {
            projection.Project(point, program.Radius);
        }

        SpectralStart.ClearWeightless(program, point);
        return term;
    }

    public double Term(GroupedMatrix point) => program.Term is NuclearPenalty penalty ? penalty.Lambda * projection.NuclearNorm(point) : 0;
}
