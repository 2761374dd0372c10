using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>How much of the processor's vector registers a native library makes use of: what decides whether its products are as fast as the managed ones.</summary>
internal static class VectorWidth
{
    // OpenBLAS names the processor whose kernels it has taken.
    private static readonly string[] Cores512 = ["SkylakeX", "Cooperlake", "SapphireRapids"];
    private static readonly string[] Cores256 = ["Haswell", "Zen", "Excavator"];

    /// <summary>Bits of the vectors that the managed products use.</summary>
    private static int Processor => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256 : 128;

    /// <summary>Whether the library's kernels use shorter vectors than the managed products do.</summary>
    /// <param name="description">What the library says of itself.</param>
    public static bool LeftIdleBy(string description) => X86Base.IsSupported && In(description) < Processor;

    /// <summary>Bits of the vectors that kernels described so by their library use. What is not recognised counts as the least.</summary>
    public static int In(string description) =>
        Names(description, Cores512) || description.Contains("AVX-512", StringComparison.OrdinalIgnoreCase) ? 512
        : Names(description, Cores256) || description.Contains("AVX2", StringComparison.OrdinalIgnoreCase) ? 256
        : 128;

    private static bool Names(string description, string[] cores) =>
        description.Split(' ').Any(word => cores.Contains(word, StringComparer.OrdinalIgnoreCase));
}
