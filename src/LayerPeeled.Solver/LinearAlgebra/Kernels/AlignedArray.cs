namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Numbers that begin on a cache line and never move, so that whole vectors do not straddle lines. Zero at first.</summary>
internal sealed unsafe class AlignedArray
{
    private const int Alignment = 64;
    private readonly double[] storage;

    public AlignedArray(int length)
    {
        storage = GC.AllocateArray<double>(length + (Alignment / sizeof(double)), pinned: true);
        Length = length;
        fixed (double* first = storage)
        {
            Pointer = (double*)(((nint)first + Alignment - 1) & ~(nint)(Alignment - 1));
        }
    }

    public int Length { get; }

    /// <summary>The first number. Valid as long as this object is reachable.</summary>
    public double* Pointer { get; }

    public Span<double> Span => new(Pointer, Length);
}
