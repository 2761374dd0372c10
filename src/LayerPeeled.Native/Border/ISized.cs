namespace LayerPeeled.Native.Border;

/// <summary>A struct of the header that begins with <c>struct_size</c>.</summary>
internal interface ISized
{
    /// <summary>Its name in the header.</summary>
    static abstract string TypeName { get; }
}
