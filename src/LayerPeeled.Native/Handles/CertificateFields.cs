using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Certificates;

namespace LayerPeeled.Native.Handles;

/// <summary>A certificate as the header has it.</summary>
internal static class CertificateFields
{
    public static LpCertificate Of(DualityCertificate certificate) => new()
    {
        Kind = (int)certificate.Kind,
        IsProof = certificate.IsProof ? 1 : 0,
        Objective = certificate.PrimalValue,
        UpperBound = certificate.PrimalUpperBound,
        LowerBound = certificate.LowerBound,
        AbsoluteGap = certificate.AbsoluteGap,
        RelativeGap = certificate.RelativeGap,
        Log10Objective = certificate.Log10PrimalValue,
        Log10UpperBound = certificate.Log10PrimalUpperBound,
        Log10LowerBound = certificate.Log10LowerBound,
        Log10AbsoluteGap = certificate.Log10AbsoluteGap,
        Multiplier = certificate.Multiplier,
        Log10Multiplier = certificate.Log10Multiplier,
        DualNorm = certificate.DualNorm,
        ClassifierMultiplier = certificate.ClassifierMultiplier,
        FeatureMultiplier = certificate.FeatureMultiplier,
        ConstraintViolation = certificate.ConstraintViolation,
    };
}
