using System.Globalization;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// Reads one array of NumPy's <c>.npy</c> format, versions 1.0 to 3.0, from any stream, front to back: no seeking, and never more than asked for.
/// Matrices in C order are streamed in blocks of rows; in Fortran order the whole array is held at the first read. Every fault of the data is an
/// <see cref="NpyFormatException"/>; nothing is unpickled. Not thread-safe.
/// </summary>
public sealed class NpyReader : IDisposable
{
    private readonly NpyData data;
    private readonly bool leaveOpen;
    private double[]? reordered;
    private long reorderedRead;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The stream, at the first byte of the array.</param>
    /// <param name="name">Name of the array or file, for messages.</param>
    /// <param name="leaveOpen">Whether disposing the reader leaves the stream open.</param>
    /// <exception cref="NpyFormatException">This is no NumPy array, or one of an unsupported kind.</exception>
    public NpyReader(Stream stream, string name = "array", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.leaveOpen = leaveOpen;
        Name = name;
        data = new NpyData(stream, name);
        Shape = Header.Shape;
    }

    /// <summary>Name of the array or file, as in messages.</summary>
    public string Name { get; }

    /// <summary>Element type, byte order, storage order and shape, as the file has them.</summary>
    public NpyHeader Header => data.Header;

    /// <summary>Lengths of the axes that the array is read with: those of the header, but for those that <see cref="Squeeze"/> has dropped.</summary>
    public IReadOnlyList<long> Shape { get; private set; }

    /// <summary>Rows of a matrix.</summary>
    /// <exception cref="NpyFormatException">The array has another number of axes than two.</exception>
    public long RowCount
    {
        get
        {
            RequireRank(2, "a matrix");
            return Shape[0];
        }
    }

    /// <summary>Columns of a matrix.</summary>
    /// <exception cref="NpyFormatException">
    /// The array has another number of axes than two, more columns than an array can hold, or fewer data than the header states.
    /// </exception>
    public int ColumnCount
    {
        get
        {
            RequireRank(2, "a matrix");
            data.RequireThere();
            return Shape[1] <= Array.MaxLength ? (int)Shape[1] : throw Fault($"{Shape[1]} columns are too many.");
        }
    }

    /// <summary>
    /// Drops axes of length 1, the last ones first, until so many are left: the (N, p, 1, 1) of a pooling layer is then read as (N, p), a column
    /// (K, 1) as (K,). An array that has too many longer axes stays as it is, and reading it as a matrix or a vector says so.
    /// </summary>
    /// <param name="axes">How many axes are wanted.</param>
    /// <returns>Whether axes were dropped.</returns>
    public bool Squeeze(int axes)
    {
        List<long> shape = [.. Shape];
        for (int i = shape.Count - 1; i >= 0 && shape.Count > axes; i--)
        {
            if (shape[i] == 1)
            {
                shape.RemoveAt(i);
            }
        }

        bool isSqueezed = shape.Count == axes && Shape.Count > axes;
        Shape = isSqueezed ? shape : Shape;
        return isSqueezed;
    }

    /// <summary>Reads the next rows of a matrix as double precision.</summary>
    /// <param name="destination">Filled row after row with as many whole rows as it holds and the matrix has left.</param>
    /// <returns>The rows read; 0 at the end.</returns>
    /// <exception cref="NpyFormatException">The array is no matrix of numbers, or the data end early or are damaged.</exception>
    public int ReadRows(Span<double> destination)
    {
        int rows = NextRows(destination.Length, nameof(destination));
        Span<double> target = destination[..(rows * ColumnCount)];
        if (Header.IsFortranOrder)
        {
            NextReordered(target.Length).CopyTo(target);
        }
        else
        {
            data.ReadNumbers(target);
        }

        return rows;
    }

    /// <summary>Reads the next rows of a matrix as single precision; double precision in the file is rounded.</summary>
    /// <param name="destination">Filled row after row with as many whole rows as it holds and the matrix has left.</param>
    /// <returns>The rows read; 0 at the end.</returns>
    /// <exception cref="NpyFormatException">The array is no matrix of numbers, or the data end early or are damaged.</exception>
    public int ReadRows(Span<float> destination)
    {
        int rows = NextRows(destination.Length, nameof(destination));
        Span<float> target = destination[..(rows * ColumnCount)];
        if (Header.IsFortranOrder)
        {
            TensorPrimitives.ConvertTruncating<double, float>(NextReordered(target.Length), target);
        }
        else
        {
            data.ReadNumbers(target);
        }

        return rows;
    }

    /// <summary>Reads a whole vector or matrix of numbers, of any shape, in C order.</summary>
    /// <exception cref="NpyFormatException">The elements are text, or the data end early, are damaged, or do not fit one array.</exception>
    public double[] ReadNumbers()
    {
        RequireNumbers();
        if (Header.IsFortranOrder && Shape.Count > 1)
        {
            RequireRank(2, "a matrix, where it is in Fortran order");
            RequireStart();
            return NextReordered((int)Math.Min(Header.ElementCount, Array.MaxLength)).ToArray();
        }

        return data.ReadAll<double>(data.ReadNumbers);
    }

    /// <summary>Reads a whole matrix, R×C.</summary>
    /// <exception cref="NpyFormatException">The array is no matrix of numbers, or the data end early or are damaged.</exception>
    public Matrix<double> ReadMatrix()
    {
        RequireRank(2, "a matrix");
        if (Shape[0] > int.MaxValue || Shape[1] > int.MaxValue || Header.ElementCount == 0)
        {
            throw Fault($"the shape {NpyHeader.TextOf(Shape)} is no matrix of at least one number that fits in memory.");
        }

        return Matrix<double>.Build.DenseOfRowMajor((int)Shape[0], (int)Shape[1], ReadNumbers());
    }

    /// <summary>Reads a whole vector.</summary>
    /// <exception cref="NpyFormatException">The array is no vector of numbers, is empty, or the data end early or are damaged.</exception>
    public Vector<double> ReadVector()
    {
        RequireRank(1, "a vector");
        return Header.ElementCount > 0 ? Vector<double>.Build.Dense(ReadNumbers()) : throw Fault("the vector is empty.");
    }

    /// <summary>Reads a whole vector of labels: any integer type, or floating-point numbers that are whole. <see cref="ClassLabels"/> reads others too.</summary>
    /// <exception cref="NpyFormatException">The array is no vector of numbers, the data end early or are damaged, or a number is no 64-bit integer.</exception>
    public long[] ReadLabels()
    {
        RequireRank(1, "a vector of labels");
        RequireNumbers();
        return data.ReadAll<long>(data.ReadIntegers);
    }

    /// <summary>Reads a whole vector of text, each without the padding at its end.</summary>
    /// <exception cref="NpyFormatException">The array is no vector of text, the data end early or are damaged, or an element is no valid text.</exception>
    public string[] ReadTexts()
    {
        RequireRank(1, "a vector of text");
        return Header.IsText ? data.ReadAll<string>(data.ReadTexts) : throw Fault($"the elements are {Header.ElementType}, expected text.");
    }

    /// <summary>Reads one short text, without the padding at its end.</summary>
    internal string ReadText() => Header is { IsText: true, ElementCount: 1, TextLength: < 1024 } ? data.ReadAll<string>(data.ReadTexts)[0]
        : throw Fault($"the array is {Header.ElementType} {Header.ShapeText}, expected a single short text.");

    /// <summary>Throws unless the array has this shape.</summary>
    /// <param name="shape">The lengths of the axes; null: any.</param>
    /// <exception cref="NpyFormatException">It has another.</exception>
    public void RequireShape(params long?[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length != Shape.Count || shape.Where((n, i) => n is not null && n != Shape[i]).Any())
        {
            throw Fault($"the shape is {NpyHeader.TextOf(Shape)}, expected ({string.Join(", ", shape.Select(n => n?.ToString(CultureInfo.InvariantCulture) ?? "any"))}).");
        }
    }

    /// <summary>Closes the stream, unless it was to stay open.</summary>
    public void Dispose()
    {
        if (!leaveOpen)
        {
            data.Dispose();
        }
    }

    /// <summary>The next elements in C order of a matrix that the file holds in Fortran order.</summary>
    private Span<double> NextReordered(int count)
    {
        reordered ??= Reordered();
        reorderedRead += count;
        return reordered.AsSpan((int)reorderedRead - count, count);
    }

    private double[] Reordered()
    {
        double[] columns = data.ReadAll<double>(data.ReadNumbers);
        int rows = (int)Shape[0], width = ColumnCount;
        var inRows = new double[columns.Length];
        for (int j = 0; j < width && rows > 0; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                inRows[(i * width) + j] = columns[i + (j * rows)];
            }
        }

        return inRows;
    }

    private int NextRows(int space, string name)
    {
        RequireNumbers();
        int columns = ColumnCount;
        if (columns == 0)
        {
            return 0;
        }

        long left = RowCount - ((Header.IsFortranOrder ? reorderedRead : data.Position) / columns);
        return space >= columns || left == 0
            ? (int)Math.Min(space / columns, left)
            : throw new ArgumentException($"One row has {columns} numbers, the destination holds {space}.", name);
    }

    private void RequireStart()
    {
        if (reorderedRead > 0)
        {
            throw new InvalidOperationException($"{Name} was read in part already.");
        }
    }

    private void RequireNumbers()
    {
        if (Header.IsText)
        {
            throw Fault("the elements are text, expected numbers.");
        }
    }

    private void RequireRank(int rank, string what)
    {
        if (Shape.Count != rank)
        {
            throw Fault($"the shape is {NpyHeader.TextOf(Shape)}, expected {what} ({rank} {(rank == 1 ? "axis" : "axes")}).");
        }
    }

    private NpyFormatException Fault(string message) => data.Fault(message);
}
