using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>The best feasible point so far and the best bound so far, which need not come from the same iteration.</summary>
internal sealed class BestPoint(SolverRun run, NuclearNormProgram program)
{
    // Values this close are equal to roundoff, and say nothing about which point is the more accurate one.
    private const double Roundoff = 1e-12;
    private double stationarity;
    private GroupedFactors? point;
    private DualityCertificate? certificate;

    public bool HasPoint => point is not null;

    public GroupedFactors Point => point!;

    public DualityCertificate Certificate => certificate!;

    public ErrorEstimate Error { get; private set; } = ErrorEstimate.Unknown;

    public bool IsContradicted => certificate?.Contradiction is not null;

    public double RelativeGap => certificate?.RelativeGap ?? double.NaN;

    public bool Closes(double tolerance) => certificate is not null && certificate.Closes(tolerance);

    /// <returns>False when a decomposition failed: the point then has a bound that needs none.</returns>
    public bool Update(double target)
    {
        GroupedFactors? candidate = null;
        try
        {
            candidate = Feasible(run.Point());
            if (candidate is not null)
            {
                Consider(candidate, run.Certify(candidate, target));
                return true;
            }
        }
        catch (DecompositionException)
        {
            if (candidate is not null)
            {
                Consider(candidate, DualityGap.WithoutDecomposition(candidate));
                return false;
            }
        }

        if (point is null)
        {
            point = new GroupedFactors(program, 0);
            certificate = DualityGap.WithoutDecomposition(point);
        }

        return false;
    }

    // The point within the budgets, whatever decompositions made of it; null where it is no number.
    private static GroupedFactors? Feasible(GroupedFactors point) => point.IsFinite ? point.WithinBudgets() : null;

    private void Consider(GroupedFactors candidate, DualityCertificate proof)
    {
        double tie = certificate is null ? 0 : Roundoff * Math.Abs(certificate.Primal);
        double value = certificate is null ? 0 : proof.Convert(proof.Primal, certificate.LogUnit);
        if (certificate is null)
        {
            Keep(candidate, proof);
        }
        else if (value < certificate.Primal - tie
            || (value <= certificate.Primal + tie && run.Stationarity <= stationarity))
        {
            Keep(candidate, DualityGap.WithBound(proof, certificate));
        }
        else
        {
            certificate = DualityGap.WithBound(certificate, proof);
        }
    }

    private void Keep(GroupedFactors candidate, DualityCertificate proof)
    {
        (point, certificate, stationarity, Error) = (candidate, proof, run.Stationarity, run.Error);
        run.PointKept();
    }
}
