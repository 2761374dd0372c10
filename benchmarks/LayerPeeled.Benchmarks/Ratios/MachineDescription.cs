using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Benchmarks.Ratios;

/// <summary>What the figures were measured on.</summary>
internal sealed record MachineDescription(string Processor, int Cores, int VectorBits, string Runtime, string OperatingSystem, string LinearAlgebra)
{
    public string Text =>
        $"{Processor}, {Cores} cores, {VectorBits}-bit vectors, {Runtime}, {OperatingSystem}\nlinear algebra in use: {LinearAlgebra}";

    public static MachineDescription Current() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        LinearAlgebraProvider.Description);

    private static string ProcessorName()
    {
        const string LinuxFile = "/proc/cpuinfo";
        string? line = File.Exists(LinuxFile) ? File.ReadLines(LinuxFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
