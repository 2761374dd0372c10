using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

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

    /// <summary>Σ_c x_c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(double* x, int count)
    {
        Vector256<double> sums = default;
        int c = 0;
        for (; c + 4 <= count; c += 4)
        {
            sums += Vector256.Load(x + c);
        }

        double sum = Vector256.Sum(sums);
        for (; c < count; c++)
        {
            sum += x[c];
        }

        return sum;
    }

    /// <summary>x_c ← a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(double* x, int count, double value)
    {
        int c = 0;
        for (; c + 4 <= count; c += 4)
        {
            Vector256.Create(value).Store(x + c);
        }

        for (; c < count; c++)
        {
            x[c] = value;
        }
    }

    /// <summary>Asks for numbers to be brought into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fetch(double* first, nint count)
    {
        const int CacheLine = 8;
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < count; i += CacheLine)
            {
                Sse.Prefetch1(first + i);
            }
        }
    }
}
