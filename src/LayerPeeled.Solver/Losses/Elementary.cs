namespace LayerPeeled.Solver.Losses;

/// <summary>Elementary functions that keep their relative precision near zero.</summary>
internal static class Elementary
{
    /// <summary>log(1 + x) for x ≥ 0 with full relative precision (Kahan's correction of the rounding in 1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? double.PositiveInfinity : Math.Log(u) * (x / (u - 1));
    }
}
