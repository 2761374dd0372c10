using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Data;

/// <summary>
/// What a file claims of a solution: its bounds, a little looser than they were proven, so that another machine, which rounds otherwise and may sum class
/// by class, proves them from the matrices of the file too. Less so where the looser ones would not close the gap any more.
/// </summary>
internal readonly struct SolutionClaim
{
    // Relative to the terms that a bound is the difference of: of small models, and of each class.
    private const double Margin = 1e-13;
    private const double MarginOfClass = 1e-15;

    // What rounding leaves of sums of a dual point that are 0 at an optimum
    private const double SumRounding = 2e-16;

    // A verifier takes looser ones for those of another point.
    private const double MostOfUpper = 5e-11;

    private const double NoMargin = 1e-15;

    /// <summary>What to claim.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="rows">Rows of its matrices in the file.</param>
    /// <param name="written">The certificate of the point as it stands in the file, where that is looser and closes the gap; else null.</param>
    public SolutionClaim(LayerPeeledSolution solution, int rows, DualityCertificate? written)
    {
        DualityCertificate certificate = written ?? solution.Certificate;
        if (solution.Status == SolverStatus.Optimal && certificate.Kind == DualKind.Inherited
            && DualityGap.Certify(solution.Factors, solution.RelativeGapTolerance) is { } own && own.Closes(solution.RelativeGapTolerance))
        {
            // The bound of another point, where that of the one in the file does as well
            certificate = own;
        }

        // f and r·λ, also where both are smaller than any double; or λ·‖Z‖_*, which penalties have as a part of f
        double terms = 1 + (solution.Model.Regulariser is not Budgets ? 1
            : Math.Pow(10, Math.Log10(solution.Model.Radius) + certificate.Log10Multiplier - certificate.Log10PrimalValue));
        double margin = ((Margin + (MarginOfClass * rows)) * (double.IsFinite(terms) ? terms : 1)) + MarginOfBias(solution.Factors, certificate);
        this = new SolutionClaim(certificate, margin);
        while (margin > 0 && !(RelativeGap <= solution.RelativeGapTolerance) && certificate.Closes(solution.RelativeGapTolerance))
        {
            margin = margin > NoMargin ? margin / 2 : 0;
            this = new SolutionClaim(certificate, margin);
        }
    }

    private SolutionClaim(DualityCertificate certificate, double margin)
    {
        double upperMargin = Math.Min(margin, MostOfUpper);
        (Upper, Lower) = (certificate.PrimalUpperBound, certificate.LowerBound);
        (Gap, Log10Gap, RelativeGap) = (certificate.AbsoluteGap, certificate.Log10AbsoluteGap, certificate.RelativeGap);
        (Log10Upper, Log10Lower) = (certificate.Log10PrimalUpperBound, certificate.Log10LowerBound);
        if (margin == 0 || !double.IsFinite(Lower) || double.IsNaN(RelativeGap))
        {
            return;
        }

        Upper *= 1 + upperMargin;
        Lower *= Lower > 0 ? 1 - Math.Min(margin, 1) : 1;
        (Log10Upper, Log10Lower) = (Log10Upper + (upperMargin / Math.Log(10)), Log10Lower - (margin / Math.Log(10)));
        if (certificate.LogUnit == 0)
        {
            Gap = Upper - Lower;
            RelativeGap = Gap / Upper;
        }
        else
        {
            // (u·(1 + m) − l·(1 − m))/u
            double relative = Math.Pow(10, certificate.Log10AbsoluteGap - certificate.Log10PrimalUpperBound)
                + upperMargin + (margin * Math.Pow(10, certificate.Log10LowerBound - certificate.Log10PrimalUpperBound));
            Log10Gap = Math.Log10(relative) + certificate.Log10PrimalUpperBound;
            RelativeGap = relative / (1 + upperMargin);
        }
    }

    public double Upper { get; }

    public double Log10Upper { get; }

    public double Lower { get; }

    public double Log10Lower { get; }

    public double Gap { get; }

    public double Log10Gap { get; }

    public double RelativeGap { get; }

    // A bias makes the rows of a dual point sum to −λ_b·b, and what they are off by costs its length. That of a free one is only known not to exceed what the
    // loss and the penalties of a point allow.
    private static double MarginOfBias(GroupedFactors point, DualityCertificate certificate)
    {
        NuclearNormProgram program = point.Program;
        if (program.Model.Regulariser is not Penalties { Bias: { } penalty })
        {
            return 0;
        }

        double objective = certificate.PrimalUpperBound, lambda = certificate.Multiplier, classes = program.Model.ClassCount, cost = 0;
        if (penalty > 0)
        {
            double error = SumRounding * Math.Min(1, classes * lambda);
            cost = error * (Math.Sqrt(point.BiasNorm2()) + (error / penalty));
        }

        for (int g = 0; g < program.GroupCount && penalty == 0; g++)
        {
            // A row of the dual point has about twice the weight of its class, and no more than its norm allows.
            double weight = program.Weights[g], error = SumRounding * Math.Min(2 * weight, Math.Sqrt(classes) * lambda);
            cost += program.Sizes[g] * error * (Math.Max(0, program.Model.Loss.LargestLogit(objective / weight)) + (1.5 * objective / (lambda * program.FeatureRoots[g])));
        }

        double margin = cost / objective;
        return double.IsFinite(margin) ? margin : 0;
    }
}
