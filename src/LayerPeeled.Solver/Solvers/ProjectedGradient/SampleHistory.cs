using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// The point of a sample-level program and its last steps. Every step of projected gradient is h ← α_k·h − β_k·Wᵀg with α, β of the class and
/// g = ∇f in the logits, so a point is h = S_k·(h₀ + Σ_j γ_jk·W_jᵀg_j) with features h₀ in memory and the last steps j = 0, 1, … as factors,
/// which are K×N. Evaluating a trial point reads h₀ once; every few steps that same pass writes the steps into h₀.
/// </summary>
/// <remarks>
/// Columns are worked on in fixed chunks, whose sums are added in order: results do not depend on the number of threads, bit for bit.
/// Derivatives in the logits of a loss that a common shift leaves alone sum to zero: then W stands for the differences of its rows to the last,
/// of which there are K − 1, and g for all derivatives but the last. Step j leaves point j, so point 0 is h₀ itself; the current point is <see cref="Steps"/>.
/// </remarks>
internal sealed partial class SampleHistory
{
    private const int PackSteps = 8;
    private const int LongestHistory = 3;
    private const int BlockEntries = 24576;
    private const int LeastBlock = 16;
    private const int LargestBlock = 96;
    private readonly FactorizedProgram program;
    private readonly IColumnLoss loss;
    private readonly double[] values;
    private readonly int classCount;
    private readonly int rows;
    private readonly int dimension;
    private readonly int stride;
    private readonly int classStride;
    private readonly int capacity;
    private readonly int block;
    private readonly AlignedArray classifiers;
    private readonly AlignedArray trialClassifier;
    private readonly AlignedArray[] slopes;
    private readonly double[] factors;
    private readonly double[] scales;
    private readonly double[] packScale;
    private readonly AlignedArray products;
    private readonly AlignedArray gram;
    private readonly double[] trialScale;
    private readonly Chunk[] chunks;
    private readonly Action<int> sweepChunk;
    private readonly double[] bestClassifier;
    private AlignedArray trialSlopes;
    private double[]? elsewhere;
    private int best;
    private int packed;
    private bool moving;

    /// <summary>The history of a point without steps.</summary>
    /// <param name="program">The program.</param>
    /// <param name="values">W, then H. Kept, and written to.</param>
    /// <param name="historyLength">Steps kept as factors; null chooses by shape.</param>
    public SampleHistory(FactorizedProgram program, double[] values, int? historyLength = null)
    {
        this.program = program;
        this.values = values;
        (classCount, dimension) = (program.Model.ClassCount, program.FeatureDimension);
        loss = ColumnLoss.Of(program.Model.Loss, k => program.Losses[k]);
        rows = program.Model.Loss.IsShiftInvariant ? classCount - 1 : classCount;
        // whole vectors, and consecutive rows in different cache sets
        stride = ((dimension + 7) / 8 * 8) + 8;
        classStride = ThinProduct.PaddedColumns(classCount);
        // Kept steps cost K/p of a product each, writing them out a pass over H.
        capacity = historyLength ?? Math.Clamp(dimension / (PackSteps * classCount), 1, LongestHistory);
        block = Math.Clamp(BlockEntries / dimension / LeastBlock * LeastBlock, LeastBlock, LargestBlock);
        int columns = program.ColumnCount, blocks = Math.Max(1, (columns + block - 1) / block), steps = capacity + 1;
        classifiers = new AlignedArray(MatrixShape.Length((long)steps * rows * stride));
        trialClassifier = new AlignedArray(MatrixShape.Length(rows, stride));
        slopes = new AlignedArray[steps];
        for (int j = 0; j < steps; j++)
        {
            slopes[j] = new AlignedArray(MatrixShape.Length((long)blocks * block * rows));
        }

        trialSlopes = new AlignedArray(MatrixShape.Length((long)blocks * block * rows));
        factors = new double[MatrixShape.Length(steps, classCount)];
        scales = new double[(steps + 1) * classCount];
        scales.AsSpan(0, classCount).Fill(1);
        packScale = new double[classCount];
        products = new AlignedArray(MatrixShape.Length((long)steps * rows * classStride));
        gram = new AlignedArray(MatrixShape.Length(rows, classStride));
        trialScale = new double[classCount];
        Current = new State(classCount, classCount * stride);
        Trial = new State(classCount, classCount * stride);
        bestClassifier = new double[MatrixShape.Length(classCount, stride)];
        // As many partial sums of K×p as are small beside the features.
        int count = Math.Min(blocks, Math.Clamp(columns / (16 * classCount), 8, 64));
        chunks = new Chunk[count];
        for (int i = 0; i < count; i++)
        {
            int first = (int)((long)blocks * i / count), end = (int)((long)blocks * (i + 1) / count);
            chunks[i] = new Chunk(first, end, block, classCount, rows, stride, classStride, steps);
        }

        sweepChunk = SweepChunk;
        for (int i = 0; i < classCount; i++)
        {
            for (int r = 0; r < dimension; r++)
            {
                Trial.Classifier[(i * stride) + r] = values[i + (r * classCount)];
            }
        }

        Sweep();
        for (int k = 0; k < classCount; k++)
        {
            (int first, int length) = program.ColumnsOf(k);
            Trial.Norms2[k] = TensorPrimitives.SumOfSquares<double>(
                values.AsSpan(program.ClassifierLength + (first * dimension), length * dimension));
        }

        Trade();
        Current.Classifier.CopyTo(bestClassifier, 0);
    }

    /// <summary>How many steps stand between h₀ and the current point.</summary>
    public int Steps { get; private set; }

    /// <summary>The current point.</summary>
    public State Current { get; private set; }

    /// <summary>The point that was last evaluated. Its classifier is set before the evaluation.</summary>
    public State Trial { get; private set; }

    /// <summary>Passes over H that only read it, and that wrote it too. For tests and measurements.</summary>
    public (int Reads, int Writes) Passes { get; private set; }

    /// <summary>f and what belongs to it at the trial point: its classifier, and features h ← α_k·h − β_k·Wᵀg from the current ones.</summary>
    /// <param name="alpha">α of each class, positive.</param>
    /// <param name="beta">β of each class, for g = ∇f.</param>
    public void Evaluate(ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta)
    {
        Span<double> scale = scales.AsSpan(Steps * classCount, classCount);
        packed = Steps == capacity ? PackableSteps() : 0;
        if (packed > 0)
        {
            // From here on S and γ are those of the features that this pass will write.
            scales.AsSpan(packed * classCount, classCount).CopyTo(packScale);
            for (int j = packed; j <= Steps; j++)
            {
                Span<double> later = scales.AsSpan(j * classCount, classCount);
                TensorPrimitives.Divide(later, packScale, later);
                if (j < Steps)
                {
                    Span<double> factor = factors.AsSpan(j * classCount, classCount);
                    TensorPrimitives.Multiply(factor, packScale, factor);
                }
            }
        }

        // S⁺ = α·S, γ = −β/S⁺
        TensorPrimitives.Multiply(scale, alpha, trialScale);
        Span<double> step = factors.AsSpan(Steps * classCount, classCount);
        TensorPrimitives.Divide(beta, trialScale, step);
        TensorPrimitives.Negate(step, step);
        moving = true;
        Sweep();
        for (int k = 0; k < classCount; k++)
        {
            // ‖αh − βWᵀg‖² = α²‖h‖² − 2αβ⟨Wh, g⟩ + β²·gᵀWWᵀg
            Trial.Norms2[k] = Math.Max(
                0, (alpha[k] * ((alpha[k] * Current.Norms2[k]) - (2 * beta[k] * Current.SlopeLogits[k]))) + (beta[k] * beta[k] * Current.SlopeGram[k]));
        }
    }

    /// <summary>Makes the trial point the current one; it is the best so far, or not.</summary>
    public void Accept(bool isBest)
    {
        Steps++;
        trialScale.CopyTo(scales, Steps * classCount);
        Trade();
        if (isBest)
        {
            best = Steps;
            Current.Classifier.CopyTo(bestClassifier, 0);
        }
    }

    // Trial and current trade places.
    private void Trade()
    {
        (Current, Trial) = (Trial, Current);
        (slopes[Steps], trialSlopes) = (trialSlopes, slopes[Steps]);
        trialClassifier.Span.CopyTo(classifiers.Span[(Steps * rows * stride)..]);
    }

    // All steps, unless the best point is behind: then up to it, so that it stays in reach; and where it is h₀, a copy is made.
    private int PackableSteps()
    {
        if (best > 0)
        {
            return best;
        }

        if (best == 0)
        {
            elsewhere ??= new double[MatrixShape.Length(dimension, program.ColumnCount)];
            Materialise(0, elsewhere);
            best = -1;
        }

        return Steps;
    }
}
