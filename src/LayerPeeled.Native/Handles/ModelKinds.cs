namespace LayerPeeled.Native.Handles;

/// <summary>The constants <c>LP_MODEL_…</c> of the header.</summary>
internal static class ModelKinds
{
    public const int Classes = 0;
    public const int Targets = 1;
}
