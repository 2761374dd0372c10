using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.LinearAlgebra.Bounds;

/// <summary>
/// The largest singular values of a matrix with their right singular vectors, by block Lanczos iteration on AᵀA with full reorthogonalisation (Golub and Underwood 1977): a few
/// products where all of them would take n³ operations and several matrices. Ritz values: none is above the singular value it stands for, but for rounding, and the largest are close.
/// </summary>
internal sealed class LeadingSingularValues
{
    /// <summary>Up to this order all singular values are worth their cost.</summary>
    public const int LargestFull = 1200;

    private const int RandomColumns = 16;
    private const int MostColumns = 900;
    private const int MostSteps = 24;
    private const int LeastSteps = 3;

    // Two steps that change the largest value by less leave it.
    private const double Settled = 1e-11;

    // Squared length of what is left of a vector without the others, relative to its own: less is rounding
    private const double Independent = 1e-13;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int n;
    private readonly double[] matrix;
    private readonly List<double[]> basis = [];
    private readonly List<double[]> images = [];

    private LeadingSingularValues(int n, double[] matrix)
    {
        (this.n, this.matrix) = (n, matrix);
    }

    /// <summary>The values, ascending.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>The right singular vectors, n×<see cref="Values"/>, in the same order.</summary>
    public double[] Vectors { get; private set; } = [];

    /// <summary>The largest value.</summary>
    public double Largest => Values.Length > 0 ? Values[^1] : 0;

    /// <summary>Values and vectors of a square matrix.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="matrix">A, column-major; not changed.</param>
    /// <param name="start">Columns of length n near the wanted vectors; may be empty. Some random ones, always the same, are added.</param>
    /// <param name="wanted">How many values are of use, the largest ones.</param>
    public static LeadingSingularValues Of(int n, double[] matrix, ReadOnlySpan<double> start, int wanted)
    {
        var run = new LeadingSingularValues(n, matrix);
        run.Iterate(start, wanted);
        return run;
    }

    private void Iterate(ReadOnlySpan<double> start, int wanted)
    {
        double[] block = new double[MatrixShape.Length(start.Length + ((long)n * RandomColumns))];
        start.CopyTo(block);
        var random = new Random(0);
        for (int i = start.Length; i < block.Length; i++)
        {
            block[i] = random.NextDouble() - 0.5;
        }

        int columns = 0;
        double previous = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            block = Orthonormal(block);
            int width = block.Length / n;
            if (width == 0)
            {
                break;
            }

            double[] image = new double[block.Length];
            blas.Multiply(false, false, n, width, n, 1, matrix, n, block, n, 0, image, n);
            basis.Add(block);
            images.Add(image);
            columns += width;
            if (columns + width > Math.Min(n, Math.Max(MostColumns, LeastSteps * width)))
            {
                break;
            }

            if (start.IsEmpty)
            {
                double largest = Math.Sqrt(Math.Max(0, Project(columns).Values[^1]));
                if (largest - previous <= Settled * largest)
                {
                    break;
                }

                previous = largest;
            }

            double[] next = new double[block.Length];
            blas.Multiply(true, false, n, width, n, 1, matrix, n, image, n, 0, next, n);
            block = next;
        }

        if (columns > 0)
        {
            (double[] projected, double[] values) = Project(columns);
            Rotate(projected, values, Math.Min(wanted, columns));
        }
    }

    // An orthonormal basis of what the columns of a block have outside those there are; twice is enough.
    private double[] Orthonormal(double[] block)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            int width = block.Length / n;
            foreach (double[] other in basis)
            {
                int others = other.Length / n;
                double[] inner = new double[MatrixShape.Length(others, width)];
                blas.Multiply(true, false, others, width, n, 1, other, n, block, n, 0, inner, others);
                blas.Multiply(false, false, n, width, others, -1, other, n, inner, others, 1, block, n);
            }

            for (int j = 0; j < width; j++)
            {
                Span<double> column = block.AsSpan(j * n, n);
                double norm = TensorPrimitives.Norm<double>(column);
                TensorPrimitives.Multiply(column, norm > 0 ? 1 / norm : 0, column);
            }

            double[] gram = new double[MatrixShape.Length(width, width)], values = new double[width];
            blas.SymmetricProduct(true, width, n, 1, block, n, 0, gram, width);
            blas.SymmetricEigen(width, gram, values);
            int first = 0;
            while (first < width && !(values[first] > Independent * values[^1]))
            {
                first++;
            }

            for (int j = first; j < width; j++)
            {
                Span<double> column = gram.AsSpan(j * width, width);
                TensorPrimitives.Divide(column, Math.Sqrt(values[j]), column);
            }

            double[] kept = new double[MatrixShape.Length(n, width - first)];
            if (kept.Length > 0)
            {
                blas.Multiply(false, false, n, width - first, width, 1, block, n, gram.AsSpan(first * width), width, 0, kept, n);
            }

            block = kept;
        }

        return block;
    }

    // Eigenvectors and eigenvalues of (A·Q)ᵀ(A·Q)
    private (double[] Vectors, double[] Values) Project(int columns)
    {
        double[] gram = new double[MatrixShape.Length(columns, columns)], values = new double[columns];
        for (int i = 0, row = 0; i < images.Count; row += images[i++].Length / n)
        {
            for (int j = 0, column = 0; j < images.Count; column += images[j++].Length / n)
            {
                int rows = images[i].Length / n, width = images[j].Length / n;
                blas.Multiply(true, false, rows, width, n, 1, images[i], n, images[j], n, 0, gram.AsSpan(row + (column * columns)), columns);
            }
        }

        blas.SymmetricEigen(columns, gram, values);
        return (gram, values);
    }

    private void Rotate(double[] projected, double[] values, int kept)
    {
        int columns = values.Length;
        Values = Array.ConvertAll(values[(columns - kept)..], value => Math.Sqrt(Math.Max(0, value)));
        Vectors = new double[MatrixShape.Length(n, kept)];
        ReadOnlySpan<double> rotation = projected.AsSpan((columns - kept) * columns);
        for (int i = 0, row = 0; i < basis.Count && kept > 0; row += basis[i++].Length / n)
        {
            int width = basis[i].Length / n;
            blas.Multiply(false, false, n, kept, width, 1, basis[i], n, rotation[row..], columns, 1, Vectors, n);
        }
    }
}
