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
    private const int ChunkBytes = 1 << 20;

    private readonly Stream stream;
    private readonly bool leaveOpen;
    private byte[] chunk = [];
    private double[]? reordered;
    private long position;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The stream, at the first byte of the array.</param>
    /// <param name="name">Name of the array or file, for messages.</param>
    /// <param name="leaveOpen">Whether disposing the reader leaves the stream open.</param>
    /// <exception cref="NpyFormatException">This is no NumPy array, or one of an unsupported kind.</exception>
    public NpyReader(Stream stream, string name = "array", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        Name = name;
        Header = NpyPreamble.Read(ReadUpTo, name);
    }

    /// <summary>Name of the array or file, as in messages.</summary>
    public string Name { get; }

    /// <summary>Element type, byte order, storage order and shape.</summary>
    public NpyHeader Header { get; }

    /// <summary>Rows of a matrix.</summary>
    /// <exception cref="NpyFormatException">The array has another number of axes than two.</exception>
    public long RowCount
    {
        get
        {
            RequireRank(2, "a matrix");
            return Header.Shape[0];
        }
    }

    /// <summary>Columns of a matrix.</summary>
    /// <exception cref="NpyFormatException">The array has another number of axes than two, or more columns than an array can hold.</exception>
    public int ColumnCount
    {
        get
        {
            RequireRank(2, "a matrix");
            return Header.Shape[1] <= Array.MaxLength ? (int)Header.Shape[1] : throw Fault($"{Header.Shape[1]} columns are too many.");
        }
    }

    /// <summary>Reads the next rows of a matrix as double precision.</summary>
    /// <param name="destination">Filled row after row with as many whole rows as it holds and the matrix has left.</param>
    /// <returns>The rows read; 0 at the end.</returns>
    /// <exception cref="NpyFormatException">The array is no matrix, or the data end early.</exception>
    public int ReadRows(Span<double> destination)
    {
        int rows = NextRows(destination.Length, nameof(destination));
        Span<double> target = destination[..(rows * ColumnCount)];
        if (Header.IsFortranOrder)
        {
            Reordered().AsSpan((int)position, target.Length).CopyTo(target);
            position += target.Length;
        }
        else
        {
            Read(target);
        }

        return rows;
    }

    /// <summary>Reads the next rows of a matrix as single precision; double precision in the file is rounded.</summary>
    /// <param name="destination">Filled row after row with as many whole rows as it holds and the matrix has left.</param>
    /// <returns>The rows read; 0 at the end.</returns>
    /// <exception cref="NpyFormatException">The array is no matrix, or the data end early.</exception>
    public int ReadRows(Span<float> destination)
    {
        int rows = NextRows(destination.Length, nameof(destination));
        Span<float> target = destination[..(rows * ColumnCount)];
        if (Header.IsFortranOrder)
        {
            TensorPrimitives.ConvertTruncating<double, float>(Reordered().AsSpan((int)position, target.Length), target);
            position += target.Length;
        }
        else
        {
            Read(target);
        }

        return rows;
    }

    /// <summary>Reads a whole vector or matrix of numbers, of any shape, in C order.</summary>
    /// <exception cref="NpyFormatException">The data end early, or do not fit one array.</exception>
    public double[] ReadNumbers()
    {
        RequireStart();
        if (Header.IsFortranOrder && Header.Shape.Count > 1)
        {
            RequireRank(2, "a matrix, where it is in Fortran order");
            position = Header.ElementCount;
            return Reordered();
        }

        return ReadAll<double>(Read);
    }

    /// <summary>Reads a whole matrix, R×C.</summary>
    /// <exception cref="NpyFormatException">The array is no matrix, or the data end early.</exception>
    public Matrix<double> ReadMatrix()
    {
        RequireRank(2, "a matrix");
        if (Header.Shape[0] > int.MaxValue || Header.Shape[1] > int.MaxValue || Header.ElementCount == 0)
        {
            throw Fault($"the shape {Header.ShapeText} is no matrix of at least one number that fits in memory.");
        }

        return Matrix<double>.Build.DenseOfRowMajor((int)Header.Shape[0], (int)Header.Shape[1], ReadNumbers());
    }

    /// <summary>Reads a whole vector.</summary>
    /// <exception cref="NpyFormatException">The array is no vector, is empty, or the data end early.</exception>
    public Vector<double> ReadVector()
    {
        RequireRank(1, "a vector");
        return Header.ElementCount > 0 ? Vector<double>.Build.Dense(ReadNumbers()) : throw Fault("the vector is empty.");
    }

    /// <summary>Reads a whole vector of labels: any integer type, or floating-point numbers that are whole.</summary>
    /// <exception cref="NpyFormatException">The array is no vector, the data end early, or a number is no 64-bit integer.</exception>
    public long[] ReadLabels()
    {
        RequireRank(1, "a vector of labels");
        RequireStart();
        return ReadAll<long>(ReadIntegers);
    }

    /// <summary>Throws unless the array has this shape.</summary>
    /// <param name="shape">The lengths of the axes; null: any.</param>
    /// <exception cref="NpyFormatException">It has another.</exception>
    public void RequireShape(params long?[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length != Header.Shape.Count || shape.Where((n, i) => n is not null && n != Header.Shape[i]).Any())
        {
            throw Fault($"the shape is {Header.ShapeText}, expected ({string.Join(", ", shape.Select(n => n?.ToString(CultureInfo.InvariantCulture) ?? "any"))}).");
        }
    }

    /// <summary>Closes the stream, unless it was to stay open.</summary>
    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private delegate void ReadInto<T>(Span<T> destination);

    /// <summary>Reads everything into an array that grows with the data, so that a false length in the header costs no memory.</summary>
    private T[] ReadAll<T>(ReadInto<T> read)
    {
        long count = Header.ElementCount;
        if (count > Array.MaxLength)
        {
            throw Fault($"{count} elements are more than one array can hold; read it in blocks of rows.");
        }

        var numbers = new T[Math.Min(count, stream.CanSeek ? Available(count) : ChunkBytes)];
        for (int done = 0; done < count;)
        {
            if (done == numbers.Length)
            {
                Array.Resize(ref numbers, (int)Math.Min(count, Math.Max(1, 2L * numbers.Length)));
            }

            read(numbers.AsSpan(done));
            done = numbers.Length;
        }

        return numbers;
    }

    private long Available(long count)
    {
        long bytes = stream.Length - stream.Position, expected = count * Header.ElementSize;
        return bytes >= expected ? count : throw Truncated(bytes, expected);
    }

    private void Read<T>(Span<T> destination)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (int done = 0; done < destination.Length;)
        {
            Span<byte> bytes = NextChunk(destination.Length - done);
            int n = bytes.Length / Header.ElementSize;
            NpyElements.Convert(Header, bytes, destination.Slice(done, n));
            done += n;
        }
    }

    private void ReadIntegers(Span<long> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            long first = position;
            Span<byte> bytes = NextChunk(destination.Length - done);
            int n = bytes.Length / Header.ElementSize;
            if (!NpyElements.TryConvertToIntegers(Header, bytes, destination.Slice(done, n), out int bad))
            {
                throw Fault($"element {first + bad} is no 64-bit integer; labels must be.");
            }

            done += n;
        }
    }

    private Span<byte> NextChunk(int elements)
    {
        int size = Header.ElementSize, wanted = Math.Min(elements, ChunkBytes / size) * size;
        if (chunk.Length < wanted)
        {
            chunk = new byte[wanted];
        }

        Span<byte> bytes = chunk.AsSpan(0, wanted);
        int found = ReadUpTo(bytes);
        if (found < wanted)
        {
            throw Truncated((position * size) + found, Header.ElementCount * size);
        }

        position += wanted / size;
        return bytes;
    }

    /// <summary>The whole matrix in C order, where the file holds it in Fortran order.</summary>
    private double[] Reordered()
    {
        if (reordered is not null)
        {
            return reordered;
        }

        long before = position;
        position = 0;
        double[] columns = ReadAll<double>(Read);
        position = before;
        int rows = (int)Header.Shape[0], width = ColumnCount;
        reordered = new double[columns.Length];
        for (int j = 0; j < width && rows > 0; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                reordered[(i * width) + j] = columns[i + (j * rows)];
            }
        }

        return reordered;
    }

    private int NextRows(int space, string name)
    {
        int columns = ColumnCount;
        if (columns == 0)
        {
            return 0;
        }

        long left = RowCount - (position / columns);
        return space >= columns || left == 0
            ? (int)Math.Min(space / columns, left)
            : throw new ArgumentException($"One row has {columns} numbers, the destination holds {space}.", name);
    }

    private void RequireStart()
    {
        if (position > 0)
        {
            throw new InvalidOperationException($"{Name} was read in part already.");
        }
    }

    private void RequireRank(int rank, string what)
    {
        if (Header.Shape.Count != rank)
        {
            throw Fault($"the shape is {Header.ShapeText}, expected {what} ({rank} {(rank == 1 ? "axis" : "axes")}).");
        }
    }

    private int ReadUpTo(Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // A compressed entry of an archive that is damaged.
            throw new NpyFormatException(Name, "the compressed data are damaged.", e);
        }
    }

    private NpyFormatException Truncated(long found, long expected) =>
        Fault($"the data end early: {expected} bytes expected for {Header.ElementType} {Header.ShapeText}, {found} found.");

    private NpyFormatException Fault(string message) => new(Name, message);
}
