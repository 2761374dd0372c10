using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>What the loop leaves behind.</summary>
internal sealed record IterationOutcome(
    SolverStatus Status, GroupedFactors Point, DualityCertificate Certificate, int Iterations, TimeSpan Elapsed, IReadOnlyList<IterationReport> Trace)
{
    /// <summary>What the method knows of the errors of the point beside the gap.</summary>
    public ErrorEstimate Error { get; init; } = ErrorEstimate.Unknown;

    /// <summary>Dimensions of the point before it was brought down to the model's p; null when it fitted.</summary>
    public int? ExcessRank { get; init; }

    /// <summary>
    /// The same with the point brought down to the model's feature dimension, where it is larger. The bound stays: it holds for every p.
    /// A point that was proven optimal without regard to p and is not so within p counts as stationary.
    /// </summary>
    /// <param name="tolerance">The relative gap at which the certificate counts as closed.</param>
    /// <param name="control">The clock of the solve, whose time includes the fit.</param>
    public IterationOutcome Fit(double tolerance, IterationControl control)
    {
        GroupedFactors? fitted = null;
        DualityCertificate certificate;
        int needed;
        try
        {
            fitted = DimensionFit.Fit(Point, out needed);
            if (ReferenceEquals(fitted, Point))
            {
                return this;
            }

            // Where the time is over the bound that there is has to do.
            double target = Status is SolverStatus.TimeLimit or SolverStatus.Cancelled ? double.PositiveInfinity : tolerance;
            fitted = fitted.WithinBudgets();
            certificate = DualityGap.WithBound(DualityGap.Certify(fitted, target), Certificate);
        }
        catch (DecompositionException)
        {
            fitted ??= DimensionFit.WithoutDecomposition(Point);
            certificate = DualityGap.WithBound(DualityGap.WithoutDecomposition(fitted), Certificate);
            return this with
            {
                Point = fitted,
                Certificate = certificate,
                Elapsed = control.Elapsed,
                Status = certificate.Closes(tolerance) ? SolverStatus.Optimal : SolverStatus.NumericalError,
            };
        }

        return this with
        {
            Point = fitted,
            Certificate = certificate,
            Error = ErrorEstimate.Unknown,
            Elapsed = control.Elapsed,
            ExcessRank = needed > Point.Program.Model.FeatureDimension ? needed : null,
            Status = certificate.Closes(tolerance) ? SolverStatus.Optimal : Status == SolverStatus.Optimal ? SolverStatus.Stationary : Status,
        };
    }

    /// <summary>The better point and the better bound of two stages on the same model, the second after this one.</summary>
    public IterationOutcome Then(IterationOutcome second, double tolerance)
    {
        bool replace = second.Certificate.Convert(second.Certificate.Primal, Certificate.LogUnit) < Certificate.Primal || second.Certificate.Closes(tolerance);
        DualityCertificate certificate = replace
            ? DualityGap.WithBound(second.Certificate, Certificate)
            : DualityGap.WithBound(Certificate, second.Certificate);
        return new IterationOutcome(
            certificate.Closes(tolerance) ? SolverStatus.Optimal : second.Status,
            replace ? second.Point : Point,
            certificate,
            Iterations + second.Iterations,
            Elapsed + second.Elapsed,
            [.. Trace, .. second.Trace])
        {
            ExcessRank = ExcessRank,
            Error = replace ? second.Error : Error,
        };
    }
}
