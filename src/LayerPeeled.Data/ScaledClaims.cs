using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data;

/// <summary>
/// What a file claims and what was recomputed, in the unit of the recomputed certificate: 1, or e^s for losses too small for a double, which a file
/// gives in logarithms.
/// </summary>
internal sealed class ScaledClaims
{
    // Of one sum or difference of numbers of the file, and what a logarithm of the size s loses.
    private const double SumRounding = 1e-14;
    private const double LogarithmRounding = 2e-15;

    public ScaledClaims(SavedSolution saved, DualityCertificate certificate)
    {
        LogUnit = certificate.LogUnit;
        Objective = InUnit(saved.Objective, saved.Log10Objective);
        // Files of earlier versions have none.
        UpperBound = double.IsNaN(saved.ObjectiveUpperBound) ? Objective : InUnit(saved.ObjectiveUpperBound, saved.Log10ObjectiveUpperBound);
        LowerBound = InUnit(saved.LowerBound, saved.Log10LowerBound);
        AbsoluteGap = InUnit(saved.AbsoluteGap, saved.Log10AbsoluteGap);
        Multiplier = InUnit(saved.Multiplier, saved.Log10Multiplier);
        // Where examples count, a square of λ
        bool isSquare = saved.Model.Regulariser.FeatureNorm == FeatureNorm.PerSample;
        CriticalClassSize = InUnit(saved.CriticalClassSize, saved.Log10CriticalClassSize, isSquare ? 2 * LogUnit : LogUnit);
        FoundObjective = InUnit(certificate.PrimalValue, certificate.Log10PrimalValue);
        FoundUpperBound = InUnit(certificate.PrimalUpperBound, certificate.Log10PrimalUpperBound);
        FoundLowerBound = InUnit(certificate.LowerBound, certificate.Log10LowerBound);
        FoundMultiplier = InUnit(certificate.Multiplier, certificate.Log10Multiplier);
    }

    public double LogUnit { get; }

    public double Rounding => SumRounding + (LogarithmRounding * Math.Abs(LogUnit));

    public double Objective { get; }

    public double UpperBound { get; }

    public double LowerBound { get; }

    public double AbsoluteGap { get; }

    public double Multiplier { get; }

    public double CriticalClassSize { get; }

    public double FoundObjective { get; }

    public double FoundUpperBound { get; }

    public double FoundLowerBound { get; }

    public double FoundMultiplier { get; }

    private double InUnit(double value, double log10) => InUnit(value, log10, LogUnit);

    // The number itself in the unit 1, and in another one where its logarithm is not given: then it overflows unless it is as small as the unit.
    private static double InUnit(double value, double log10, double logUnit) => logUnit == 0 || (value == 0 && !double.IsFinite(log10)) ? value
        : double.IsFinite(log10) ? Math.Exp((log10 * Math.Log(10)) - logUnit)
        : value * Math.Exp(-logUnit);
}
