namespace LayerPeeled.Solver.LinearAlgebra;

internal static class SpectralNorm
{
    public static double UpperBound(int m, int n, ReadOnlySpan<double> a, double hint)
    {
        double[] u = new double[m * n], s = new double[Math.Min(m, n)], vt = new double[m * n];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(m, n, a.ToArray(), u, s, vt);
        return s[0] * (1 + (1e-15 * n));
    }
}
