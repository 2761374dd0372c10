namespace LayerPeeled.Native.Border;

/// <summary>A type of handles.</summary>
internal interface IHandle
{
    /// <summary>Its name in the header.</summary>
    static abstract string TypeName { get; }
}
