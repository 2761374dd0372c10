using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Native.Handles;

/// <summary>Statistics as the header has them; NaN where there are none.</summary>
internal static class SummaryFields
{
    public static LpSummary Of(SummaryStatistics? summary) => new()
    {
        Count = summary?.Count ?? 0,
        Mean = summary?.Mean ?? double.NaN,
        StandardDeviation = summary?.StandardDeviation ?? double.NaN,
        Minimum = summary?.Minimum ?? double.NaN,
        Maximum = summary?.Maximum ?? double.NaN,
    };

    public static LpFrame Of(FrameMetrics? frame) => new()
    {
        NormVariation = frame?.NormVariation ?? double.NaN,
        AngleVariation = frame?.AngleVariation ?? double.NaN,
        AngleDeviation = frame?.AngleDeviation ?? double.NaN,
        GramDeviation = frame?.GramDeviation ?? double.NaN,
        Interference = frame?.Interference ?? double.NaN,
        Norms = Of(frame?.Norms),
        Cosines = Of(frame?.Cosines),
        Distances = Of(frame?.Distances),
        LogarithmicKernel = Of(frame?.LogarithmicKernel),
        InverseDistances = Of(frame?.InverseDistances),
    };
}
