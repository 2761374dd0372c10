using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>
/// Class means and scatter of features in one pass over the data, in double precision: feed it blocks of rows of any size, then take
/// <see cref="ToStatistics"/>. The result does not depend on how the rows were cut into calls, bit for bit. Not thread-safe.
/// </summary>
/// <remarks>
/// Rows are gathered into blocks. A block of class k with mean b and the n examples before it with mean m are merged by
/// S ← S + Σ(h − b)(h − b)ᵀ + n·n_b/(n + n_b)·(b − m)(b − m)ᵀ (Chan, Golub, LeVeque 1979): only sums of squares are ever added, so nothing
/// cancels, S stays positive semidefinite, and equal features have a scatter of exactly zero. The sums of squares of a block are one
/// symmetric product.
/// </remarks>
public sealed class FeatureAccumulator
{
    private const int BlockRows = 512;

    private readonly Dictionary<long, int> slots = [];
    private readonly List<ClassSums> classes = [];
    private readonly List<int> inBlock = [];
    private readonly int[] slotOfRow = new int[BlockRows];

    // p×(block + block/2), column-major: one row of features a column, then one column for each class with two rows or more in the block.
    private readonly double[] block;
    private readonly double[]? scatter;
    private int pending;

    /// <summary>An empty accumulator.</summary>
    /// <param name="dimension">p, at least 1.</param>
    /// <param name="withinScatter">
    /// Whether to sum the p×p within-class scatter, N·p² operations and p² numbers. Without it NC1 needs the second pass
    /// (<see cref="SecondPassAccumulator"/>), at N·p·K operations and no p×p matrix.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">p is not positive, or p² exceeds the largest array.</exception>
    public FeatureAccumulator(int dimension, bool withinScatter = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if ((long)dimension * (withinScatter ? Math.Max(dimension, BlockRows * 3 / 2) : BlockRows * 3 / 2) > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(dimension), dimension, "The scatter does not fit one array; pass withinScatter: false and use the second pass.");
        }

        Dimension = dimension;
        block = new double[MatrixShape.Length((long)dimension * ((long)BlockRows * 3 / 2))];
        scatter = withinScatter ? new double[MatrixShape.Length(dimension, dimension)] : null;
    }

    /// <summary>p.</summary>
    public int Dimension { get; }

    /// <summary>Rows added so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>Adds examples.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <param name="labels">n labels, any integers.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a number is not finite; nothing was added then.</exception>
    public void Add(ReadOnlySpan<double> rows, ReadOnlySpan<long> labels)
    {
        RowChecks.Require(rows, labels.Length, Dimension, SampleCount);
        for (int i = 0; i < labels.Length; i++)
        {
            rows.Slice(i * Dimension, Dimension).CopyTo(NextRow(labels[i]));
            Close();
        }
    }

    /// <summary>Adds examples in single precision; they are summed in double precision.</summary>
    /// <param name="rows">n×p numbers, row after row, finite.</param>
    /// <param name="labels">n labels, any integers.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a number is not finite; nothing was added then.</exception>
    public void Add(ReadOnlySpan<float> rows, ReadOnlySpan<long> labels)
    {
        RowChecks.Require(rows, labels.Length, Dimension, SampleCount);
        for (int i = 0; i < labels.Length; i++)
        {
            TensorPrimitives.ConvertTruncating(rows.Slice(i * Dimension, Dimension), NextRow(labels[i]));
            Close();
        }
    }

    /// <summary>What was measured so far. More rows may be added afterwards.</summary>
    /// <param name="classLabels">
    /// The label of each class in the order of the classifier's rows; classes in it may lack examples. Null: the labels that occurred, ascending.
    /// </param>
    /// <exception cref="ArgumentException">A label occurs twice in the list, or one of the data is not in it.</exception>
    /// <exception cref="InvalidOperationException">No row was added.</exception>
    public FeatureStatistics ToStatistics(IReadOnlyList<long>? classLabels = null)
    {
        if (SampleCount == 0)
        {
            throw new InvalidOperationException("No examples were added.");
        }

        Flush();
        ClassSums[] ordered = classes.OrderBy(c => c.Label).ToArray();
        var means = Matrix<double>.Build.Dense(ordered.Length, Dimension);
        for (int k = 0; k < ordered.Length; k++)
        {
            means.SetRow(k, ordered[k].Mean);
        }

        Matrix<double>? within = scatter is null
            ? null
            : Matrix<double>.Build.Dense(Dimension, Dimension, (double[])scatter.Clone()) / SampleCount;
        var statistics = new FeatureStatistics(
            ordered.Select(c => c.Label).ToArray(), ordered.Select(c => c.Count).ToArray(), means,
            ordered.Select(c => c.Within / c.Count).ToArray(), within);
        return classLabels is null ? statistics : statistics.ForClasses(classLabels);
    }

    private Span<double> NextRow(long label)
    {
        if (!slots.TryGetValue(label, out int slot))
        {
            slot = classes.Count;
            slots.Add(label, slot);
            classes.Add(new ClassSums(label));
        }

        slotOfRow[pending] = slot;
        return block.AsSpan(pending * Dimension, Dimension);
    }

    private void Close()
    {
        SampleCount++;
        if (++pending == BlockRows)
        {
            Flush();
        }
    }

    private void Flush()
    {
        int extra = MarkClasses();
        for (int i = 0; i < pending; i++)
        {
            // d = h − m, with m the class mean before the block (the first row of the block when there is none)
            ClassSums own = classes[slotOfRow[i]];
            Span<double> row = Column(i);
            TensorPrimitives.Subtract(row, own.Mean, row);
            if (own.DeltaColumn >= 0)
            {
                Span<double> delta = Column(own.DeltaColumn);
                TensorPrimitives.Add(delta, row, delta);
            }
            else
            {
                Merge(own, row);
            }
        }

        foreach (int slot in inBlock)
        {
            if (classes[slot] is { DeltaColumn: >= 0 } repeated)
            {
                // δ = b − m
                Span<double> delta = Column(repeated.DeltaColumn);
                TensorPrimitives.Divide(delta, repeated.InBlock, delta);
            }
        }

        for (int i = 0; i < pending; i++)
        {
            if (classes[slotOfRow[i]] is { DeltaColumn: >= 0 } own)
            {
                // h − b = d − δ
                Span<double> row = Column(i);
                TensorPrimitives.Subtract(row, Column(own.DeltaColumn), row);
                own.Within += TensorPrimitives.SumOfSquares<double>(row);
            }
        }

        foreach (int slot in inBlock)
        {
            ClassSums own = classes[slot];
            if (own.DeltaColumn >= 0)
            {
                Merge(own, Column(own.DeltaColumn));
            }

            own.InBlock = 0;
        }

        if (scatter is not null && pending > 0)
        {
            LinearAlgebraProvider.Backend.SymmetricProduct(
                false, Dimension, pending + extra, 1, block.AsSpan(0, (pending + extra) * Dimension), Dimension, 1, scatter, Dimension);
        }

        inBlock.Clear();
        pending = 0;
    }

    /// <summary>Counts the rows of each class, gives a cleared column to those with several, and a reference point to new ones.</summary>
    private int MarkClasses()
    {
        for (int i = 0; i < pending; i++)
        {
            ClassSums own = classes[slotOfRow[i]];
            if (own.InBlock++ == 0)
            {
                inBlock.Add(slotOfRow[i]);
                own.Mean = own.Mean.Length == 0 ? Column(i).ToArray() : own.Mean;
            }
        }

        int extra = 0;
        foreach (int slot in inBlock)
        {
            classes[slot].DeltaColumn = classes[slot].InBlock > 1 ? pending + extra++ : -1;
        }

        block.AsSpan(pending * Dimension, extra * Dimension).Clear();
        return extra;
    }

    /// <summary>Moves the mean and turns δ into the column √(n·n_b/(n + n_b))·δ of the merged scatter.</summary>
    private static void Merge(ClassSums own, Span<double> delta)
    {
        double before = own.Count, added = own.InBlock;
        TensorPrimitives.MultiplyAdd(delta, added / (before + added), own.Mean, own.Mean);
        TensorPrimitives.Multiply(delta, Math.Sqrt(before * (added / (before + added))), delta);
        own.Within += TensorPrimitives.SumOfSquares<double>(delta);
        own.Count += own.InBlock;
    }

    private Span<double> Column(int j) => block.AsSpan(j * Dimension, Dimension);

    private sealed class ClassSums(long label)
    {
        public long Label { get; } = label;

        public long Count { get; set; }

        public double[] Mean { get; set; } = [];

        public double Within { get; set; }

        public int InBlock { get; set; }

        public int DeltaColumn { get; set; }
    }
}
