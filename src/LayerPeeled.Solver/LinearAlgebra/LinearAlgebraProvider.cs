namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>Which dense linear algebra the library runs on, and why.</summary>
public static class LinearAlgebraProvider
{
    internal static IDenseBackend Backend { get; } = new ManagedBackend();

    /// <summary>Short name of the provider in use.</summary>
    public static string Name => Backend.Name;
}
