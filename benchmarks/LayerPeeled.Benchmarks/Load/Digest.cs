using System.IO.Hashing;
using System.Runtime.InteropServices;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Benchmarks.Load;

/// <summary>A digest of the bits of numbers.</summary>
internal sealed class Digest
{
    private readonly XxHash3 hash = new();

    public ulong Value => hash.GetCurrentHashAsUInt64();

    public Digest Add(params ReadOnlySpan<double> values)
    {
        hash.Append(MemoryMarshal.AsBytes(values));
        return this;
    }

    public Digest Add(Matrix<double> matrix) => Add(matrix.ToColumnMajorArray());
}
