using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>
/// A sum with compensation of its rounding errors (Knuth's two-sum; T. Ogita, S. M. Rump and S. Oishi, SIAM J. Sci. Comput. 26, 2005): of m non-negative
/// terms it is off by at most u + 2m²u² relatively, so by less than 2u for m up to 10⁷.
/// </summary>
internal struct CompensatedSum
{
    private Vector256<double> sums;
    private Vector256<double> errors;

    /// <summary>The sum, rounded.</summary>
    public readonly double Value
    {
        get
        {
            var total = new CompensatedSum();
            for (int i = 1; i < Vector256<double>.Count; i++)
            {
                total.Add(sums[i]);
            }

            total.Add(sums[0]);
            double late = 0;
            for (int i = 0; i < Vector256<double>.Count; i++)
            {
                late += errors[i] + total.errors[i];
            }

            return total.sums[0] + late;
        }
    }

    /// <summary>Adds a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double term) => Add(Vector256.CreateScalar(term));

    /// <summary>Adds four numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<double> term)
    {
        Vector256<double> sum = sums + term, part = sum - sums;
        errors += (sums - (sum - part)) + (term - part);
        sums = sum;
    }
}
