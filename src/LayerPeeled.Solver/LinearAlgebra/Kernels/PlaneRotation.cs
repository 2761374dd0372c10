using System.Runtime.CompilerServices;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>Plane (Givens) rotations that stay orthogonal when their arguments underflow in the square.</summary>
internal static class PlaneRotation
{
    /// <summary>√(f² + g²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Length(double f, double g)
    {
        double square = (f * f) + (g * g);
        return square > 1e-280 && square < 1e280 ? Math.Sqrt(square) : double.Hypot(f, g);
    }

    /// <summary>c, s, r with [c s; −s c]·(f, g)ᵀ = (r, 0)ᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Generate(double f, double g, out double c, out double s, out double r)
    {
        if (g == 0)
        {
            (c, s, r) = (1, 0, f);
            return;
        }

        r = Length(f, g);
        c = f / r;
        s = g / r;
    }
}
