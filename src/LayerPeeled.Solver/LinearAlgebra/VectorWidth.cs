using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>How much of the processor's vector registers a native library makes use of: what decides whether its products are as fast as the managed ones.</summary>
internal static class VectorWidth
{
    // OpenBLAS names the processor whose kernels it has taken.
    private static readonly string[] Cores512 = ["SkylakeX", "Cooperlake", "SapphireRapids"];
    private static readonly string[] Cores256 = ["Haswell", "Zen", "Excavator"];

    /// <summary>Bits of the vectors that the managed products use.</summary>
    private static int Processor => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256 : 128;

    /// <summary>Whether the library's kernels use shorter vectors than the managed products do.</summary>
    public static bool LeftIdleBy(NativeFunctions library) => X86Base.IsSupported && In(library.ReadInstructions()) < Processor;

    /// <summary>Bits of the vectors that kernels described so by their library use. What is not recognised counts as the least.</summary>
    internal static int In(string instructions) =>
        Names(instructions, Cores512) || instructions.Contains("AVX-512", StringComparison.OrdinalIgnoreCase) ? 512
        : Names(instructions, Cores256) || instructions.Contains("AVX2", StringComparison.OrdinalIgnoreCase) ? 256
        : 128;

    private static bool Names(string instructions, string[] cores) =>
        instructions.Split(' ').Any(word => cores.Contains(word, StringComparer.OrdinalIgnoreCase));
}
