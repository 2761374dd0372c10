namespace LayerPeeled.Native.Handles;

/// <summary>Matrices of a measurement: the constants <c>LP_MEASURED_…</c> of the header.</summary>
internal enum MeasuredMatrix
{
    ClassMeans = 0,
    SampleMean = 1,
    WithinScatter = 2,
    MeanCosines = 3,
    ClassifierCosines = 4,
}
