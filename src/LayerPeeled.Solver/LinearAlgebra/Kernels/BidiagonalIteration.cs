using LayerPeeled.Solver.LinearAlgebra.Bounds;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// Implicit QR iteration for the singular values of an upper bidiagonal matrix, shifted, or unshifted where the shift would spoil small
/// values, chasing from the larger end to the smaller (Demmel and Kahan, SIAM J. Sci. Stat. Comput. 11, 1990).
/// </summary>
internal static unsafe class BidiagonalIteration
{
    private const double Epsilon = 1.1102230246251565e-16;
    private const int SweepsPerValue = 60;

    // Rounding within a sweep leaves couplings of a few ε between equal values: a tighter limit is never reached.
    private const double Coupling = 16 * Epsilon;

    /// <summary>
    /// Diagonal <paramref name="d"/> (n) becomes the singular values up to sign, unsorted; <paramref name="e"/> (n − 1, above the diagonal) is
    /// destroyed. Returns false if the iteration did not converge.
    /// </summary>
    public static bool Run(int n, double* d, double* e, RotationSweeps left, RotationSweeps right)
    {
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            norm = Math.Max(norm, Math.Abs(d[i]) + (i + 1 < n ? Math.Abs(e[i]) : 0));
        }

        // Below the rounding of the reduction to bidiagonal form.
        double negligible = Epsilon * norm;
        long budget = (long)SweepsPerValue * n;
        int previousLow = -1, previousHigh = -1;
        bool down = true;
        for (int high = n - 1; high > 0;)
        {
            int low = high;
            while (low > 0 && !Drop(d, e, low - 1, negligible))
            {
                low--;
            }

            if (low == high)
            {
                high--;
                continue;
            }

            if (budget-- == 0)
            {
                return false;
            }

            // A direction is kept while a block shrinks: changing it would undo the convergence so far.
            if (low > previousHigh || high < previousLow)
            {
                down = Math.Abs(d[low]) >= Math.Abs(d[high]);
            }

            (previousLow, previousHigh) = (low, high);

            // Reversing both orders turns the block into the transpose of an upper bidiagonal one: left and right change places.
            if (down)
            {
                Sweep(high - low, d + low, e + low, 1, low, negligible, left, right);
            }
            else
            {
                Sweep(high - low, d + high, e + high - 1, -1, high, negligible, right, left);
            }
        }

        return true;
    }

    private static bool Drop(double* d, double* e, int i, double negligible)
    {
        double size = Math.Abs(e[i]);
        if (size <= negligible || size <= Coupling * Math.Min(Math.Abs(d[i]), Math.Abs(d[i + 1])))
        {
            e[i] = 0;
            return true;
        }

        return false;
    }

    private static void Sweep(int last, double* d, double* e, int step, int origin, double negligible, RotationSweeps left, RotationSweeps right)
    {
        double shift = Shift(last, d, e, step, negligible);
        left.Begin(origin, step, last);
        right.Begin(origin, step, last);
        if (shift == 0)
        {
            Unshifted(last, d, e, step, left, right);
        }
        else
        {
            Shifted(last, d, e, step, shift, left, right);
        }

        left.End();
        right.End();
    }

    private static double Shift(int last, double* d, double* e, int step, double negligible)
    {
        // A lower bound for the smallest singular value of the block, up to a factor √n.
        double mu = Math.Abs(d[0]), smallest = mu, largest = mu;
        for (int i = 0; i < last; i++)
        {
            double coupling = Math.Abs(e[i * step]), next = Math.Abs(d[(i + 1) * step]);
            mu = mu == 0 ? 0 : next * (mu / (mu + coupling));
            smallest = Math.Min(smallest, mu);
            largest = Math.Max(largest, Math.Max(next, coupling));
        }

        if (smallest <= negligible || smallest <= Epsilon * largest)
        {
            return 0;
        }

        double shift = SmallestValue(d[(last - 1) * step], e[(last - 1) * step], d[last * step]);
        double ratio = shift / Math.Abs(d[0]);
        return ratio * ratio < Epsilon ? 0 : shift;
    }

    private static void Shifted(int last, double* d, double* e, int step, double shift, RotationSweeps left, RotationSweeps right)
    {
        // (d₀² − shift²)/d₀ without cancellation.
        double f = (Math.Abs(d[0]) - shift) * (Math.CopySign(1, d[0]) + (shift / d[0])), g = e[0];
        for (int i = 0; i < last; i++)
        {
            ref double di = ref d[i * step], dn = ref d[(i + 1) * step], ei = ref e[i * step];
            PlaneRotation.Generate(f, g, out double c, out double s, out double r);
            if (i > 0)
            {
                e[(i - 1) * step] = r;
            }

            right.Add(c, s);
            f = (c * di) + (s * ei);
            ei = (c * ei) - (s * di);
            g = s * dn;
            dn *= c;
            PlaneRotation.Generate(f, g, out c, out s, out r);
            left.Add(c, s);
            di = r;
            f = (c * ei) + (s * dn);
            dn = (c * dn) - (s * ei);
            if (i < last - 1)
            {
                g = s * e[(i + 1) * step];
                e[(i + 1) * step] *= c;
            }
        }

        e[(last - 1) * step] = f;
    }

    private static void Unshifted(int last, double* d, double* e, int step, RotationSweeps left, RotationSweeps right)
    {
        double c = 1, oldC = 1, oldS = 0;
        for (int i = 0; i < last; i++)
        {
            PlaneRotation.Generate(d[i * step] * c, e[i * step], out c, out double s, out double r);
            if (i > 0)
            {
                e[(i - 1) * step] = oldS * r;
            }

            right.Add(c, s);
            PlaneRotation.Generate(oldC * r, d[(i + 1) * step] * s, out oldC, out oldS, out d[i * step]);
            left.Add(oldC, oldS);
        }

        double h = d[last * step] * c;
        d[last * step] = h * oldC;
        e[(last - 1) * step] = h * oldS;
    }

    /// <summary>Smaller singular value of [f g; 0 h], accurate to a few roundings.</summary>
    private static double SmallestValue(double f, double g, double h)
    {
        double small = Math.Min(Math.Abs(f), Math.Abs(h)), big = Math.Max(Math.Abs(f), Math.Abs(h)), off = Math.Abs(g);
        if (small == 0)
        {
            return 0;
        }

        double sum = 1 + (small / big), difference = (big - small) / big;
        if (off < big)
        {
            double u = off / big * (off / big);
            return small * (2 / (Math.Sqrt((sum * sum) + u) + Math.Sqrt((difference * difference) + u)));
        }

        double v = big / off;
        return v == 0
            ? small * big / off
            : 2 * small * v / (Math.Sqrt(1 + (sum * v * sum * v)) + Math.Sqrt(1 + (difference * v * difference * v)));
    }
}
