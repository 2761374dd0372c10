using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Data;

/// <summary>
/// What a file claims of a solution: its bounds, a little looser than they were proven, so that another machine, which rounds otherwise and may sum class
/// by class, proves them from the matrices of the file too. As they are where the looser ones would not close the gap any more.
/// </summary>
internal readonly struct SolutionClaim
{
    // Relative to the terms that a bound is the difference of, f and r·λ: of small models, and of each class.
    private const double Margin = 1e-13;
    private const double MarginOfClass = 1e-15;

    public SolutionClaim(LayerPeeledSolution solution, int rows)
    {
        DualityCertificate certificate = solution.Certificate;
        if (solution.Status == SolverStatus.Optimal && certificate.Kind == DualKind.Inherited
            && DualityGap.Certify(solution.Factors, solution.RelativeGapTolerance) is { } own && own.Closes(solution.RelativeGapTolerance))
        {
            // The bound of another point, where that of the one in the file does as well
            certificate = own;
        }

        // r·λ/f, also where both are smaller than any double
        double terms = 1 + Math.Pow(10, Math.Log10(solution.Model.Radius) + certificate.Log10Multiplier - certificate.Log10PrimalValue);
        double margin = (Margin + (MarginOfClass * rows)) * (double.IsFinite(terms) ? terms : 1);
        this = new SolutionClaim(certificate, margin);
        if (!(RelativeGap <= solution.RelativeGapTolerance) && certificate.Closes(solution.RelativeGapTolerance))
        {
            this = new SolutionClaim(certificate, 0);
        }
    }

    private SolutionClaim(DualityCertificate certificate, double margin)
    {
        double logMargin = margin / Math.Log(10);
        Upper = certificate.PrimalUpperBound * (1 + margin);
        Lower = certificate.LowerBound * (1 - margin);
        (Gap, Log10Gap, RelativeGap) = (certificate.AbsoluteGap, certificate.Log10AbsoluteGap, certificate.RelativeGap);
        (Log10Upper, Log10Lower) = (certificate.Log10PrimalUpperBound + logMargin, certificate.Log10LowerBound - logMargin);
        if (margin == 0 || !double.IsFinite(Lower) || Lower < 0 || double.IsNaN(RelativeGap))
        {
            Lower = certificate.LowerBound;
        }
        else if (certificate.LogUnit == 0)
        {
            Gap = Upper - Lower;
            RelativeGap = Gap / Upper;
        }
        else
        {
            // (u·(1 + m) − l·(1 − m))/u
            double relative = Math.Pow(10, certificate.Log10AbsoluteGap - certificate.Log10PrimalUpperBound)
                + (margin * (1 + Math.Pow(10, certificate.Log10LowerBound - certificate.Log10PrimalUpperBound)));
            Log10Gap = Math.Log10(relative) + certificate.Log10PrimalUpperBound;
            RelativeGap = relative / (1 + margin);
        }
    }

    public double Upper { get; }

    public double Log10Upper { get; }

    public double Lower { get; }

    public double Log10Lower { get; }

    public double Gap { get; }

    public double Log10Gap { get; }

    public double RelativeGap { get; }
}
