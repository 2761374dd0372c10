using System.Globalization;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>The value of one certificate with the lower bound of another: any bound of a model holds for all its points.</summary>
internal static class BoundCombination
{
    // Of e^x for the difference x of two units, of some thousands at most
    private const double UnitError = 1e-11;

    // A value below a bound by this many times what both allow for the rounding of their own sums is no rounding.
    private const double ContradictionFactor = 1000;

    /// <summary><see cref="DualityGap.WithBound"/>.</summary>
    public static DualityCertificate Of(DualityCertificate point, DualityCertificate bound)
    {
        if ((point.Contradiction ?? bound.Contradiction) is { } contradiction)
        {
            return point with { Contradiction = contradiction };
        }

        // In the larger of the two units nothing overflows.
        double unit = Math.Max(point.LogUnit, bound.LogUnit), conversion = point.LogUnit == bound.LogUnit ? 0 : UnitError;
        double rounding = ContradictionFactor * (point.Convert(point.Allowance, unit) + bound.Convert(bound.Allowance, unit));
        if (point.Convert(point.Upper, unit) * (1 + conversion) < Below(bound.Convert(bound.Bound, unit)) - rounding)
        {
            return Contradicted(point, point, bound);
        }

        if (bound.Convert(bound.Upper, unit) * (1 + conversion) < Below(point.Convert(point.Bound, unit)) - rounding)
        {
            return Contradicted(point, bound, point);
        }

        double other = Below(bound.Convert(bound.Bound, point.LogUnit)), difference = Rounding.Up(point.Upper - other, 1);
        double gap = Math.Max(Math.Max(0, difference), Math.Min(point.Gap, point.Allowance));
        return other <= point.Bound || gap >= point.Gap
            ? point
            : point with
            {
                Primal = point.IsProof && bound.IsProof ? point.Between(other, point.Upper) : point.Primal,
                Gap = gap,
                Bound = Math.Min(other, gap > difference ? point.Upper - gap : other),
                IsProof = point.IsProof && bound.IsProof,
                Sigma = bound.Convert(bound.Sigma, point.LogUnit),
                Allowance = Math.Max(point.Allowance, bound.Convert(bound.Allowance, point.LogUnit)),
                Kind = DualKind.Inherited,
                Dual = Rescaled(bound, point.LogUnit),
            };

        double Below(double value) => double.IsFinite(value) ? value - (conversion * Math.Abs(value)) : value;
    }

    private static DualityCertificate Contradicted(DualityCertificate point, DualityCertificate low, DualityCertificate high) => point with
    {
        Contradiction = $"two certificates contradict each other: a loss of {Text(low.PrimalValue, low.Log10PrimalValue)} lies below the lower bound "
            + $"{Text(high.LowerBound, high.Log10LowerBound)} found elsewhere, by more than rounding",
    };

    private static string Text(double value, double log10) =>
        value == 0 && double.IsFinite(log10) ? string.Create(CultureInfo.InvariantCulture, $"10^{log10:f9}") : value.ToString("g10", CultureInfo.InvariantCulture);

    private static GroupedMatrix Rescaled(DualityCertificate certificate, double logUnit)
    {
        if (certificate.LogUnit == logUnit)
        {
            return certificate.SharedDual;
        }

        GroupedMatrix dual = certificate.Dual;
        dual.Scale(Math.Exp(certificate.LogUnit - logUnit));
        return dual;
    }
}
