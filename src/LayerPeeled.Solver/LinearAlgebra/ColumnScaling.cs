using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>Entrywise work on blocks of columns that stand side by side, entry i of column c at i·ld + c. Columns come in multiples of four.</summary>
internal static unsafe class ColumnScaling
{
    /// <summary>target_c ← s_c·x_c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(int rows, int columns, nint ld, double* x, double* scale, double* target)
    {
        for (; rows > 0; rows--, x += ld, target += ld)
        {
            for (int c = 0; c < columns; c += 4)
            {
                (Vector256.Load(x + c) * Vector256.Load(scale + c)).Store(target + c);
            }
        }
    }

    /// <summary>target_c ← s_c·(x_c + y_c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleSum(int rows, int columns, nint ld, double* x, double* y, double* scale, double* target)
    {
        for (; rows > 0; rows--, x += ld, y += ld, target += ld)
        {
            for (int c = 0; c < columns; c += 4)
            {
                ((Vector256.Load(x + c) + Vector256.Load(y + c)) * Vector256.Load(scale + c)).Store(target + c);
            }
        }
    }

    /// <summary>sums_c ← Σ_i x_c[i]·y_c[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(int rows, int columns, nint ld, double* x, double* y, double* sums)
    {
        for (int c = 0; c < columns; c += 4)
        {
            Vector256<double> sum = default;
            double* u = x + c, v = y + c;
            for (int i = 0; i < rows; i++, u += ld, v += ld)
            {
                sum = Vector256.MultiplyAddEstimate(Vector256.Load(u), Vector256.Load(v), sum);
            }

            sum.Store(sums + c);
        }
    }
}
