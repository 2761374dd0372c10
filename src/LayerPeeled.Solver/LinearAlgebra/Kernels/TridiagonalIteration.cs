namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// Implicit QL iteration with Wilkinson's shift for a symmetric tridiagonal matrix, run from the end with the smaller
/// diagonal entry (Parlett, The Symmetric Eigenvalue Problem, chapter 8).
/// </summary>
internal static unsafe class TridiagonalIteration
{
    private const double Epsilon = 1.1102230246251565e-16;
    private const int SweepsPerValue = 60;

    /// <summary>
    /// Diagonal <paramref name="d"/> (n) becomes the eigenvalues, unsorted; <paramref name="e"/> (n − 1 couplings) is destroyed. The rotations go to
    /// <paramref name="vectors"/>. Returns false if the iteration did not converge.
    /// </summary>
    public static bool Run(int n, double* d, double* e, RotationSweeps vectors)
    {
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            norm = Math.Max(norm, Math.Abs(d[i]) + (i + 1 < n ? Math.Abs(e[i]) : 0));
        }

        // Below the rounding of the reduction to tridiagonal form: dropping such a coupling costs no accuracy.
        double negligible = Epsilon * norm;
        long budget = (long)SweepsPerValue * n;
        for (int low = 0; low < n;)
        {
            int high = low;
            while (high < n - 1 && !IsNegligible(e[high], d[high], d[high + 1], negligible))
            {
                high++;
            }

            bool down = Math.Abs(d[high]) >= Math.Abs(d[low]);
            if (!Block(high - low, down ? d + low : d + high, down ? e + low : e + high - 1, down ? 1 : -1, down ? low : high, negligible, vectors, ref budget))
            {
                return false;
            }

            low = high + 1;
        }

        return true;
    }

    private static bool IsNegligible(double e, double d0, double d1, double negligible) =>
        Math.Abs(e) <= negligible || Math.Abs(e) <= Epsilon * (Math.Sqrt(Math.Abs(d0)) * Math.Sqrt(Math.Abs(d1)));

    // Positions 0…last of the block lie at d[0], d[step], d[2·step], …; position 0 is column `origin` of the vectors.
    private static bool Block(int last, double* d, double* e, int step, int origin, double negligible, RotationSweeps vectors, ref long budget)
    {
        for (int l = 0; l < last;)
        {
            int m = l;
            while (m < last && !IsNegligible(e[m * step], d[m * step], d[(m + 1) * step], negligible))
            {
                m++;
            }

            if (m == l)
            {
                l++;
                continue;
            }

            if (budget-- == 0)
            {
                return false;
            }

            // Wilkinson's shift: the eigenvalue of the leading 2×2 block nearer to d_l.
            double g = (d[(l + 1) * step] - d[l * step]) / (2 * e[l * step]);
            double r = double.Hypot(g, 1);
            g = d[m * step] - d[l * step] + (e[l * step] / (g + Math.CopySign(r, g)));
            double s = 1, c = 1, p = 0;
            vectors.Begin(origin + (m * step), -step, m - l);
            int i = m - 1;
            for (; i >= l; i--)
            {
                double f = s * e[i * step], b = c * e[i * step];
                r = PlaneRotation.Length(f, g);
                if (i + 1 < m)
                {
                    e[(i + 1) * step] = r;
                }

                if (r == 0)
                {
                    d[(i + 1) * step] -= p;
                    break;
                }

                s = f / r;
                c = g / r;
                g = d[(i + 1) * step] - p;
                r = ((d[i * step] - g) * s) + (2 * c * b);
                p = s * r;
                d[(i + 1) * step] = g + p;
                g = (c * r) - b;
                vectors.Add(c, s);
            }

            vectors.End();
            if (i >= l)
            {
                continue;
            }

            d[l * step] -= p;
            e[l * step] = g;
        }

        return true;
    }
}
