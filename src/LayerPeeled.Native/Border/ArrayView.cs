using System.Runtime.CompilerServices;
using LayerPeeled.Native.Structs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Border;

/// <summary>A matrix or vector in the caller's memory, whatever its type and strides.</summary>
internal readonly unsafe struct ArrayView
{
    private readonly byte* data;
    private readonly long rowStride;
    private readonly long columnStride;
    private readonly string name;

    private ArrayView(LpArray array, string name)
    {
        this.name = name;
        data = (byte*)array.Data;
        (Type, Rows, Columns) = ((ElementType)array.Dtype, array.Rows, array.Cols);
        if (!Enum.IsDefined(Type))
        {
            throw new ArgumentException($"dtype is {array.Dtype}; LP_FLOAT64, LP_FLOAT32, LP_INT64 or LP_INT32 is expected.", name);
        }

        if (Rows < 0 || Columns < 0)
        {
            throw new ArgumentException($"The array is {Rows}×{Columns}; sizes cannot be negative.", name);
        }

        if (data == null && Rows > 0 && Columns > 0)
        {
            throw new ArgumentException($"The data of the {Rows}×{Columns} array is NULL.", name);
        }

        bool packed = array.RowStride == 0 && array.ColStride == 0;
        columnStride = packed ? Size : array.ColStride;
        rowStride = packed ? Columns * Size : array.RowStride;
    }

    public ElementType Type { get; }

    public long Rows { get; }

    public long Columns { get; }

    public bool IsFloating => Type is ElementType.Float64 or ElementType.Float32;

    /// <summary>The numbers of a vector, which is one row or one column.</summary>
    /// <exception cref="ArgumentException">It is a matrix, or too long.</exception>
    public int Length => Rows != 1 && Columns != 1 && Rows * Columns != 0
        ? throw new ArgumentException($"The array is {Rows}×{Columns}; a vector is expected.", name)
        : Rows * Columns <= Array.MaxLength ? (int)(Rows * Columns)
        : throw new ArgumentException($"The array has {Rows * Columns} numbers; at most {Array.MaxLength} are taken.", name);

    private int Size => Type is ElementType.Float64 or ElementType.Int64 ? 8 : 4;

    /// <summary>A view of an array that must be there.</summary>
    /// <exception cref="ArgumentException">It is NULL, or describes no array.</exception>
    public static ArrayView Of(LpArray* array, string name) => new(Sized.Read(array, name), name);

    /// <inheritdoc cref="Of"/>
    public static ArrayView? OfOrNull(LpArray* array, string name) => array == null ? null : Of(array, name);

    /// <summary>A view to be written, of exactly one shape.</summary>
    /// <exception cref="ArgumentException">It has another, or cannot hold the numbers.</exception>
    public static ArrayView OfOutput(LpArray* array, string name, long rows, long columns, bool integers = false)
    {
        ArrayView view = Of(array, name);
        bool fits = (view.Rows == rows && view.Columns == columns) || (columns == 1 && view.Rows == 1 && view.Columns == rows);
        return !fits ? throw new ArgumentException($"The array is {view.Rows}×{view.Columns}; {rows}×{columns} is expected.", name)
            : view.IsFloating == integers
                ? throw new ArgumentException(integers ? "dtype must be LP_INT64 or LP_INT32." : "dtype must be LP_FLOAT64 or LP_FLOAT32.", name)
            : view;
    }

    public double[] ToNumbers()
    {
        var numbers = new double[Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(Element(i));
        }

        return numbers;
    }

    public long[] ToIntegers()
    {
        if (IsFloating)
        {
            throw new ArgumentException("Integers are expected: dtype must be LP_INT64 or LP_INT32.", name);
        }

        var numbers = new long[Length];
        CopyIntegers(0, numbers);
        return numbers;
    }

    /// <summary>Integers that fit 32 bits.</summary>
    /// <exception cref="ArgumentException">One does not, or the type is another.</exception>
    public int[] ToIndices()
    {
        string of = name;
        return Array.ConvertAll(ToIntegers(), value => value is >= int.MinValue and <= int.MaxValue ? (int)value
            : throw new ArgumentException($"{value} is beyond 32 bits.", of));
    }

    public Matrix<double> ToMatrix()
    {
        if (Rows < 1 || Columns < 1 || Rows > int.MaxValue || Columns > int.MaxValue || Rows * Columns > Array.MaxLength)
        {
            throw new ArgumentException($"The array is {Rows}×{Columns}; a matrix of 1 to {Array.MaxLength} numbers is expected.", name);
        }

        // Column-major, as Math.NET holds it
        var values = new double[Rows * Columns];
        for (int j = 0, at = 0; j < Columns; j++)
        {
            for (int i = 0; i < Rows; i++)
            {
                values[at++] = Number(data + (i * rowStride) + (j * columnStride));
            }
        }

        return Matrix<double>.Build.Dense((int)Rows, (int)Columns, values);
    }

    public Vector<double> ToVector() => Vector<double>.Build.Dense(ToNumbers());

    /// <summary>Some integers of a vector.</summary>
    public void CopyIntegers(int first, Span<long> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            byte* at = Element(first + i);
            target[i] = Type == ElementType.Int64 ? Unsafe.ReadUnaligned<long>(at) : Unsafe.ReadUnaligned<int>(at);
        }
    }

    /// <summary>Whether rows lie one after another in the caller's memory, so that <see cref="RowsOf"/> copies nothing.</summary>
    public bool IsPacked => (columnStride == Size || Columns == 1) && rowStride == Columns * Size && (nint)data % Size == 0;

    /// <summary>Some rows as one span: the caller's memory, or a copy where the array is not packed.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="space">Takes the copy: at least count·p numbers, where there is one.</param>
    /// <typeparam name="T">The type of the array: float or double.</typeparam>
    public ReadOnlySpan<T> RowsOf<T>(long first, int count, Span<T> space)
        where T : unmanaged
    {
        int columns = (int)Columns;
        byte* start = data + (first * rowStride);
        if (IsPacked)
        {
            return new ReadOnlySpan<T>(start, count * columns);
        }

        for (int i = 0; i < count; i++, start += rowStride)
        {
            for (int j = 0; j < columns; j++)
            {
                space[(i * columns) + j] = Unsafe.ReadUnaligned<T>(start + (j * columnStride));
            }
        }

        return space[..(count * columns)];
    }

    /// <summary>Writes a matrix of this shape, or a column of it as a row.</summary>
    public void Write(Matrix<double> matrix)
    {
        if (matrix.ColumnCount == 1)
        {
            WriteVector(i => matrix.At(i, 0));
            return;
        }

        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                Set(data + (i * rowStride) + (j * columnStride), matrix.At(i, j));
            }
        }
    }

    /// <summary>Writes a vector.</summary>
    public void WriteVector(Func<int, double> value)
    {
        for (int i = 0; i < Length; i++)
        {
            Set(Element(i), value(i));
        }
    }

    /// <summary>Writes a vector of integers.</summary>
    public void WriteIntegers(ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (Type == ElementType.Int64)
            {
                Unsafe.WriteUnaligned(Element(i), (long)values[i]);
            }
            else
            {
                Unsafe.WriteUnaligned(Element(i), values[i]);
            }
        }
    }

    private byte* Element(long i) => data + (i * (Columns == 1 ? rowStride : columnStride));

    private double Number(byte* at) => Type switch
    {
        ElementType.Float64 => Unsafe.ReadUnaligned<double>(at),
        ElementType.Float32 => Unsafe.ReadUnaligned<float>(at),
        ElementType.Int64 => Unsafe.ReadUnaligned<long>(at),
        _ => Unsafe.ReadUnaligned<int>(at),
    };

    private void Set(byte* at, double value)
    {
        if (Type == ElementType.Float64)
        {
            Unsafe.WriteUnaligned(at, value);
        }
        else
        {
            Unsafe.WriteUnaligned(at, (float)value);
        }
    }
}
