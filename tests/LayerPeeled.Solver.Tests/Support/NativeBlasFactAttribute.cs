using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>A fact about an installed native BLAS; visibly skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeBlasFactAttribute : FactAttribute
{
    public NativeBlasFactAttribute()
    {
        if (NativeBlas.Installed.Count == 0)
        {
            Skip = $"No native BLAS loads: {NativeBlas.Reasons}";
        }
    }
}

internal static class NativeBlas
{
    private static readonly Lazy<(List<IDenseBackend> Found, string Reasons)> Probe = new(() =>
    {
        var found = new List<IDenseBackend>();
        string reasons = "";
        if (NativeBackend.TryLoadMkl(out NativeBackend? mkl, out string why))
        {
            found.Add(mkl);
        }
        else
        {
            reasons += why + "; ";
        }

        if (NativeBackend.TryLoadOpenBlas(out NativeBackend? openBlas, out why))
        {
            found.Add(openBlas);
        }
        else
        {
            reasons += why;
        }

        return (found, reasons);
    });

    public static IReadOnlyList<IDenseBackend> Installed => Probe.Value.Found;

    public static string Reasons => Probe.Value.Reasons;
}
