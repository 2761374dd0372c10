using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>Lanczos iteration with full reorthogonalisation, for the largest eigenvalue of a symmetric positive semidefinite matrix.</summary>
internal static unsafe class LanczosEstimate
{
    private const int Steps = 100;
    private const int CheckEvery = 8;

    /// <summary>
    /// A Ritz value: a lower bound for λ_max up to rounding, and close to it unless the largest eigenvalues are crowded.
    /// Stops once it has reached <paramref name="enough"/>. The start is fixed, so that results are reproducible.
    /// </summary>
    public static double Largest(int n, ReadOnlySpan<double> matrix, double enough)
    {
        int steps = Math.Min(Steps, n);
        double[] rented = ArrayPool<double>.Shared.Rent(MatrixShape.Length(((long)n * (steps + 1)) + (3L * steps) + 1));
        double best = 0, previous = 0;
        fixed (double* g = matrix, basis = rented)
        {
            double* alpha = basis + ((long)n * (steps + 1)), beta = alpha + steps, small = beta + steps;
            for (int i = 0; i < n; i++)
            {
                basis[i] = 1 + (0.5 * Math.Sin(i + 1));
            }

            VectorProduct.Scale(n, 1 / Math.Sqrt(VectorProduct.Dot(n, basis, basis)), basis);
            for (int j = 0; j < steps; j++)
            {
                double* v = basis + ((long)j * n), w = v + n;
                VectorProduct.Symmetric(n, g, n, v, w);
                alpha[j] = VectorProduct.Dot(n, v, w);

                // Twice is enough (Kahan and Parlett).
                for (int pass = 0; pass < 2; pass++)
                {
                    VectorProduct.Transposed(j + 1, n, 1, basis, n, w, 0, small);
                    VectorProduct.Plain(n, j + 1, -1, basis, n, small, 1, w);
                }

                beta[j] = Math.Sqrt(VectorProduct.Dot(n, w, w));
                bool invariant = beta[j] <= 1e-15 * alpha[0];
                if (invariant || j == steps - 1 || (j + 1) % CheckEvery == 0)
                {
                    best = TopOfTridiagonal(j + 1, alpha, beta);
                    if (invariant || best >= enough || best - previous <= 1e-15 * best)
                    {
                        break;
                    }

                    previous = best;
                }

                VectorProduct.Scale(n, 1 / beta[j], w);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return best;
    }

    /// <summary>Largest eigenvalue by bisection: x exceeds all of them when every pivot of T − x·I is negative.</summary>
    private static double TopOfTridiagonal(int n, double* alpha, double* beta)
    {
        double low = double.NegativeInfinity, high = double.NegativeInfinity;
        for (int i = 0; i < n; i++)
        {
            double reach = (i > 0 ? beta[i - 1] : 0) + (i < n - 1 ? beta[i] : 0);
            low = Math.Max(low, alpha[i]);
            high = Math.Max(high, alpha[i] + reach);
        }

        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return low;
            }

            double pivot = alpha[0] - middle;
            int i = 1;
            for (; i < n && pivot < 0; i++)
            {
                pivot = alpha[i] - middle - (beta[i - 1] * beta[i - 1] / pivot);
            }

            if (pivot < 0)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }
    }
}
