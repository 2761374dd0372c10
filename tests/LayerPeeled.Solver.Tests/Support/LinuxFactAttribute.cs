using System.Runtime.InteropServices;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A fact about loading on 64-bit Linux on x86; visibly skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "The libraries of this test are for Linux on x86-64.";
        }
    }
}
