using System.Runtime.InteropServices;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A fact about loading on 64-bit Linux on x86; visibly skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <param name="withNativeBlas">Whether a native BLAS has to be installed, too.</param>
    public LinuxFactAttribute(bool withNativeBlas = false)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "The libraries of this test are for Linux on x86-64.";
        }
        else if (withNativeBlas && NativeBlas.Installed.Count == 0)
        {
            Skip = $"No native BLAS loads: {NativeBlas.Reasons}";
        }
    }
}
