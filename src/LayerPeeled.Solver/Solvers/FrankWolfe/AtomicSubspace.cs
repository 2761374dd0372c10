using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;

namespace LayerPeeled.Solver.Solvers.FrankWolfe;

/// <summary>
/// The part of the ball spanned by the singular vectors found so far: matrices whose core is U·B·Vᵀ with orthonormal U (G×k) and V (G×l),
/// and whose spread is zero outside of the groups found so far. A point is held as (spread, B), B in the leading k×l block of a core.
/// </summary>
internal sealed class AtomicSubspace : ISpectralObjective
{
    // A vector that leaves less than this of itself outside of the subspace adds only roundoff to it.
    private const double Independence = 1e-10;

    private readonly NuclearNormProgram program;
    private readonly NuclearNormProjection projection;
    private readonly GroupedMatrix full;
    private readonly GroupedMatrix fullGradient;
    private readonly bool[] spreadIsActive;
    private readonly double[] product;
    private readonly double[] block;
    private readonly double[] values;
    private readonly double[] blockLeft;
    private readonly double[] blockRight;
    private double[] left;
    private double[] right;
    private double[] next;
    private int rows;
    private int columns;

    public AtomicSubspace(NuclearNormProgram program)
    {
        int n = program.GroupCount;
        this.program = program;
        projection = new NuclearNormProjection(program.SizesArray);
        full = program.CreateMatrix();
        fullGradient = program.CreateMatrix();
        spreadIsActive = new bool[n];
        product = new double[MatrixShape.Length(n, n)];
        block = new double[MatrixShape.Length(n, n)];
        values = new double[n];
        blockLeft = new double[MatrixShape.Length(n, n)];
        blockRight = new double[MatrixShape.Length(n, n)];
        left = new double[MatrixShape.Length(n, n)];
        right = new double[MatrixShape.Length(n, n)];
        next = new double[MatrixShape.Length(n, n)];
    }

    /// <summary>Takes the left and right singular vectors of an atom into the subspace.</summary>
    public void AddPair(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        rows += Extend(left, rows, u) ? 1 : 0;
        columns += Extend(right, columns, v) ? 1 : 0;
    }

    /// <summary>Lets the spread of a group vary.</summary>
    public void AddSpread(int group) => spreadIsActive[group] = true;

    /// <summary>(spread, UᵀMV) of a matrix.</summary>
    public void Restrict(GroupedMatrix matrix, GroupedMatrix coordinates)
    {
        int n = program.GroupCount;
        IDenseBackend blas = LinearAlgebraProvider.Backend;
        blas.Multiply(true, false, rows, n, n, 1, left, n, matrix.Core, n, 0, product, n);
        coordinates.Core.AsSpan().Clear();
        blas.Multiply(false, false, rows, columns, n, 1, product, n, right, n, 0, coordinates.Core, n);
        for (int g = 0; g < n; g++)
        {
            coordinates.Spread[g] = spreadIsActive[g] ? matrix.Spread[g] : 0;
        }
    }

    /// <summary>The matrix with these coordinates.</summary>
    public void Expand(GroupedMatrix coordinates, GroupedMatrix matrix)
    {
        int n = program.GroupCount;
        IDenseBackend blas = LinearAlgebraProvider.Backend;
        blas.Multiply(false, false, n, columns, rows, 1, left, n, coordinates.Core, n, 0, product, n);
        blas.Multiply(false, true, n, n, columns, 1, product, n, right, n, 0, matrix.Core, n);
        coordinates.Spread.CopyTo(matrix.Spread, 0);
        SpectralStart.ClearWeightless(program, matrix);
    }

    public double Gradient(GroupedMatrix point, GroupedMatrix gradient)
    {
        Expand(point, full);
        double value = program.Gradient(full, fullGradient);
        Restrict(fullGradient, gradient);
        return value;
    }

    public double Proximal(GroupedMatrix point, double step)
    {
        projection.Project(point, program.Radius, rows, columns);
        return 0;
    }

    public double Term(GroupedMatrix point) => 0;

    /// <summary>Turns the bases to the singular vectors of B and drops directions that B does not use, and spreads that are zero.</summary>
    public void Compress(GroupedMatrix coordinates)
    {
        for (int g = 0; g < program.GroupCount; g++)
        {
            spreadIsActive[g] = coordinates.Spread[g] != 0;
        }

        int n = program.GroupCount, q = Math.Min(rows, columns), rank = 0;
        if (q == 0)
        {
            return;
        }

        for (int j = 0; j < columns; j++)
        {
            coordinates.Core.AsSpan(j * n, rows).CopyTo(block.AsSpan(j * rows));
        }

        IDenseBackend blas = LinearAlgebraProvider.Backend;
        blas.SingularValueDecomposition(
            rows, columns, block.AsSpan(0, rows * columns), blockLeft.AsSpan(0, rows * q), values.AsSpan(0, q), blockRight.AsSpan(0, q * columns));
        while (rank < q && values[rank] > 1e-15 * n * values[0])
        {
            rank++;
        }

        blas.Multiply(false, false, n, rank, rows, 1, left, n, blockLeft, rows, 0, next, n);
        (left, next) = (next, left);
        blas.Multiply(false, true, n, rank, columns, 1, right, n, blockRight, q, 0, next, n);
        (right, next) = (next, right);
        (rows, columns) = (rank, rank);
    }

    // Gram–Schmidt, twice for orthogonality to roundoff. False when the vector lies in the span already.
    private bool Extend(double[] basis, int count, ReadOnlySpan<double> vector)
    {
        int n = program.GroupCount;
        if (count == n)
        {
            return false;
        }

        Span<double> target = basis.AsSpan(count * n, n);
        vector.CopyTo(target);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> column = basis.AsSpan(i * n, n);
                TensorPrimitives.MultiplyAdd(column, -TensorPrimitives.Dot(column, target), target, target);
            }

            double norm = TensorPrimitives.Norm<double>(target);
            if (norm < Independence)
            {
                return false;
            }

            TensorPrimitives.Divide(target, norm, target);
        }

        return true;
    }
}
