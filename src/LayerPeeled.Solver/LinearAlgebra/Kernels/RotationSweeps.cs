using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LayerPeeled.Solver.LinearAlgebra.Kernels;

/// <summary>
/// Accumulates the plane rotations of an implicit QR iteration on the columns of a matrix Z. Rotations are recorded and applied
/// late, a strip of rows at a time, so that Z streams through the cache once for thousands of rotations instead of once for each.
/// </summary>
internal sealed unsafe class RotationSweeps : IDisposable
{
    private const int Strip = 16;
    private const int Capacity = 16384;

    // A decomposition uses two at most; keeping them makes small ones free of allocations.
    [ThreadStatic]
    private static RotationSweeps? t_first;

    [ThreadStatic]
    private static RotationSweeps? t_second;

    private readonly List<(int Start, int Step, int First, int Count)> _sweeps = [];
    private int _rows;
    private int _columns;
    private int _threads;
    private int _capacity;
    private int _used;
    private double[] _strips = [];
    private double[] _cosines = [];
    private double[] _sines = [];

    private RotationSweeps()
    {
    }

    /// <summary>Copies Z (rows×columns) in: strips of sixteen rows, each strip column after column.</summary>
    public static RotationSweeps Begin(int rows, int columns, double* z, int ldz, int threads)
    {
        RotationSweeps sweeps = t_first ?? t_second ?? new RotationSweeps();
        if (ReferenceEquals(sweeps, t_first))
        {
            t_first = null;
        }
        else
        {
            t_second = null;
        }

        sweeps.Load(rows, columns, z, ldz, threads);
        return sweeps;
    }

    /// <summary>
    /// Opens a sweep of at most <paramref name="length"/> rotations. Rotation number k acts on columns p = start + k·step and p + step:
    /// z_p ← c·z_p + s·z_{p+step}, z_{p+step} ← c·z_{p+step} − s·z_p.
    /// </summary>
    public void Begin(int start, int step, int length)
    {
        if (_used + length > _capacity)
        {
            Flush();
        }

        _sweeps.Add((start, step, _used, 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double c, double s)
    {
        _cosines[_used] = c;
        _sines[_used++] = s;
    }

    public void End()
    {
        (int start, int step, int first, _) = _sweeps[^1];
        _sweeps[^1] = (start, step, first, _used - first);
    }

    /// <summary>Applies what is recorded and copies the columns out: column j of the target is column order[j] of Z.</summary>
    public void CopyTo(ReadOnlySpan<int> order, double* z, int ldz)
    {
        Flush();
        for (int i = 0; i < _rows; i += Strip)
        {
            int height = Math.Min(Strip, _rows - i);
            for (int j = 0; j < _columns; j++)
            {
                _strips.AsSpan((i * _columns) + (order[j] * Strip), height).CopyTo(new Span<double>(z + i + ((long)j * ldz), height));
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_strips);
        ArrayPool<double>.Shared.Return(_cosines);
        ArrayPool<double>.Shared.Return(_sines);
        (_strips, _cosines, _sines) = ([], [], []);
        _sweeps.Clear();
        _used = 0;
        if (t_first is null)
        {
            t_first = this;
        }
        else
        {
            t_second = this;
        }
    }

    private void Load(int rows, int columns, double* z, int ldz, int threads)
    {
        _rows = rows;
        _columns = columns;
        _capacity = Math.Max(columns, Math.Min(Capacity, 8 * columns));
        _threads = (long)rows * columns > 40_000 ? threads : 1;
        int strips = (rows + Strip - 1) / Strip;
        _strips = ArrayPool<double>.Shared.Rent(MatrixShape.Length((long)strips * Strip * columns));
        _cosines = ArrayPool<double>.Shared.Rent(_capacity);
        _sines = ArrayPool<double>.Shared.Rent(_capacity);
        for (int strip = 0; strip < strips; strip++)
        {
            int height = Math.Min(Strip, rows - (strip * Strip));
            for (int j = 0; j < columns; j++)
            {
                Span<double> target = _strips.AsSpan(((strip * columns) + j) * Strip, Strip);
                new ReadOnlySpan<double>(z + (strip * Strip) + ((long)j * ldz), height).CopyTo(target);
                target[height..].Clear();
            }
        }
    }

    private void Flush()
    {
        int strips = (_rows + Strip - 1) / Strip;
        if (_threads > 1 && strips > 1 && _used > 1000)
        {
            Parallel.For(0, strips, new ParallelOptions { MaxDegreeOfParallelism = _threads }, ApplyTo);
        }
        else
        {
            for (int strip = 0; strip < strips; strip++)
            {
                ApplyTo(strip);
            }
        }

        _sweeps.Clear();
        _used = 0;
    }

    private void ApplyTo(int strip)
    {
        fixed (double* z = &_strips[strip * Strip * _columns], c = _cosines, s = _sines)
        {
            foreach ((int start, int step, int first, int count) in _sweeps)
            {
                if (count == 0)
                {
                    continue;
                }

                if (Vector512.IsHardwareAccelerated)
                {
                    Sweep512(z + (start * Strip), step * Strip, count, c + first, s + first);
                }
                else
                {
                    Sweep256(z + (start * Strip), step * Strip, count, c + first, s + first);
                }
            }
        }
    }

    // The column the next rotation needs stays in registers: one load and one store a rotation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep512(double* z, int step, int count, double* c, double* s)
    {
        Vector512<double> p = Vector512.Load(z), q = Vector512.Load(z + 8);
        for (int k = 0; k < count; k++, z += step)
        {
            Vector512<double> cosine = Vector512.Create(c[k]), sine = Vector512.Create(s[k]);
            Vector512<double> x = Vector512.Load(z + step), y = Vector512.Load(z + step + 8);
            Vector512.MultiplyAddEstimate(cosine, p, sine * x).Store(z);
            Vector512.MultiplyAddEstimate(cosine, q, sine * y).Store(z + 8);
            p = Vector512.MultiplyAddEstimate(-sine, p, cosine * x);
            q = Vector512.MultiplyAddEstimate(-sine, q, cosine * y);
        }

        p.Store(z);
        q.Store(z + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep256(double* z, int step, int count, double* c, double* s)
    {
        Vector256<double> p0 = Vector256.Load(z), p1 = Vector256.Load(z + 4), p2 = Vector256.Load(z + 8), p3 = Vector256.Load(z + 12);
        for (int k = 0; k < count; k++, z += step)
        {
            Vector256<double> cosine = Vector256.Create(c[k]), sine = Vector256.Create(s[k]), minus = -sine;
            Vector256<double> x0 = Vector256.Load(z + step), x1 = Vector256.Load(z + step + 4);
            Vector256<double> x2 = Vector256.Load(z + step + 8), x3 = Vector256.Load(z + step + 12);
            Vector256.MultiplyAddEstimate(cosine, p0, sine * x0).Store(z);
            Vector256.MultiplyAddEstimate(cosine, p1, sine * x1).Store(z + 4);
            Vector256.MultiplyAddEstimate(cosine, p2, sine * x2).Store(z + 8);
            Vector256.MultiplyAddEstimate(cosine, p3, sine * x3).Store(z + 12);
            p0 = Vector256.MultiplyAddEstimate(minus, p0, cosine * x0);
            p1 = Vector256.MultiplyAddEstimate(minus, p1, cosine * x1);
            p2 = Vector256.MultiplyAddEstimate(minus, p2, cosine * x2);
            p3 = Vector256.MultiplyAddEstimate(minus, p3, cosine * x3);
        }

        p0.Store(z);
        p1.Store(z + 4);
        p2.Store(z + 8);
        p3.Store(z + 12);
    }
}
