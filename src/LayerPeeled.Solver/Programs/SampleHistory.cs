using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The point of a sample-level program and its last steps. Every step of projected gradient is h ← α_k·h − β_k·Wᵀg with α, β of the class and
/// g = ∇f in the logits, so a point is h = S_k·(h₀ + Σ_j γ_jk·W_jᵀg_j) with features h₀ in memory and the last steps j = 0, 1, … as factors,
/// which are K×N. Evaluating a trial point reads h₀ once; every few steps that same pass writes the steps into h₀.
/// </summary>
/// <remarks>
/// Columns are worked on in fixed chunks, whose sums are added in order: results do not depend on the number of threads, bit for bit.
/// Step j leaves point j, so point 0 is h₀ itself; the current point is <see cref="Steps"/>.
/// </remarks>
internal sealed unsafe partial class SampleHistory
{
    private const int PackSteps = 8;
    private const int LongestHistory = 3;
    private const int BlockEntries = 1 << 14;
    private const int ColumnsAhead = 8;
    private readonly FactorizedProgram program;
    private readonly double[] values;
    private readonly int classCount;
    private readonly int rows;
    private readonly int dimension;
    private readonly int stride;
    private readonly int capacity;
    private readonly int factorStride;
    private readonly double[] classifiers;
    private readonly double[][] slopes;
    private readonly double[] factors;
    private readonly double[] scales;
    private readonly double[] packScale;
    private readonly double[] products;
    private readonly double[] gram;
    private readonly double[] trialScale;
    private readonly Chunk[] chunks;
    private readonly Action<int> sweepChunk;
    private readonly double[] bestClassifier;
    private double[] trialSlopes;
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
        rows = ThinProduct.PaddedRows(classCount);
        // whole vectors, and consecutive rows in different cache sets
        stride = ((dimension + 7) / 8 * 8) + 8;
        // Kept steps cost K/p of a product each, writing them out a pass over H.
        capacity = historyLength ?? Math.Clamp(dimension / (PackSteps * classCount), 1, LongestHistory);
        factorStride = ThinProduct.PaddedRows((capacity + 1) * classCount);
        classifiers = new double[(factorStride + ThinProduct.RowTile) * stride];
        slopes = new double[capacity + 1][];
        for (int j = 0; j <= capacity; j++)
        {
            slopes[j] = new double[program.ColumnCount * rows];
        }

        trialSlopes = new double[program.ColumnCount * rows];
        factors = new double[(capacity + 1) * classCount];
        scales = new double[(capacity + 2) * classCount];
        scales.AsSpan(0, classCount).Fill(1);
        packScale = new double[classCount];
        products = new double[rows * factorStride];
        gram = new double[rows * rows];
        trialScale = new double[classCount];
        Current = new State(classCount, rows * stride);
        Trial = new State(classCount, rows * stride);
        bestClassifier = new double[rows * stride];
        int block = Math.Clamp(BlockEntries / dimension / 4 * 4, 8, 64);
        // As many partial sums of K×p as are small beside the features.
        int count = Math.Clamp(program.ColumnCount / (16 * classCount), 8, 64), columns = program.ColumnCount;
        chunks = new Chunk[count];
        for (int i = 0; i < count; i++)
        {
            int first = (int)((long)columns * i / count), end = (int)((long)columns * (i + 1) / count);
            chunks[i] = new Chunk(first, end - first, block, classCount, rows, stride, factorStride);
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

    /// <summary>Class by class and in true units: the point that was the best when it was accepted.</summary>
    public GroupedFactors BestFactors()
    {
        var classifier = new double[program.ClassifierLength];
        for (int i = 0; i < classCount; i++)
        {
            for (int r = 0; r < dimension; r++)
            {
                classifier[i + (r * classCount)] = bestClassifier[(i * stride) + r];
            }
        }

        var sums = new double[classCount * dimension];
        if (best < 0)
        {
            program.SumColumns(elsewhere, sums);
        }
        else
        {
            SumColumns(best, sums);
        }

        return program.ToGroupedFactors(classifier, sums);
    }

    /// <summary>The features of the best point, p×N.</summary>
    public void CopyBestFeatures(Span<double> destination)
    {
        if (best < 0)
        {
            elsewhere.CopyTo(destination);
        }
        else
        {
            Materialise(best, destination);
        }
    }

    // Trial and current trade places.
    private void Trade()
    {
        (Current, Trial) = (Trial, Current);
        (slopes[Steps], trialSlopes) = (trialSlopes, slopes[Steps]);
        Array.Copy(Current.Classifier, 0, classifiers, Steps * classCount * stride, classCount * stride);
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
            elsewhere ??= new double[dimension * program.ColumnCount];
            Materialise(0, elsewhere);
            best = -1;
        }

        return Steps;
    }

    private void Sweep()
    {
        int pending = moving ? Steps + 1 - packed : 0;
        fixed (double* trial = Trial.Classifier, stack = classifiers, product = products, square = gram)
        {
            if (moving)
            {
                // W⁺·W_jᵀ, row after row
                ThinProduct.Dots(
                    dimension, ThinProduct.PaddedRows(pending * classCount), stack + ((nint)packed * classCount * stride), stride,
                    classCount, trial, stride, product, factorStride);
            }

            // W⁺·W⁺ᵀ
            ThinProduct.Dots(dimension, rows, trial, stride, classCount, trial, stride, square, rows);
        }

        int threads = Math.Min(LinearAlgebraProvider.Threads, Environment.ProcessorCount);
        if (threads > 1)
        {
            Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, sweepChunk);
        }
        else
        {
            for (int i = 0; i < chunks.Length; i++)
            {
                SweepChunk(i);
            }
        }

        Collect(pending);
        Passes = packed > 0 ? (Passes.Reads, Passes.Writes + 1) : (Passes.Reads + 1, Passes.Writes);
        if (packed > 0)
        {
            Shift();
        }
    }

    // Sums of the chunks, in order.
    private void Collect(int pending)
    {
        State target = Trial;
        target.Clear();
        double[] factorSums = chunks[0].FactorSums;
        foreach (Chunk chunk in chunks)
        {
            TensorPrimitives.Add(target.Gradient, chunk.RowSums, target.Gradient);
            TensorPrimitives.Add(target.ClassSums, chunk.ClassSums, target.ClassSums);
            if (chunk != chunks[0])
            {
                TensorPrimitives.Add(factorSums, chunk.FactorSums, factorSums);
            }
        }

        double value = 0;
        for (int k = 0; k < classCount; k++)
        {
            value += program.LossWeights[k] * target.ClassSums[(State.Losses * classCount) + k];
            // ⟨z, g⟩ with z = α·y + S⁺·v
            double own = target.SlopeOldLogits[k] * (moving ? trialScale[k] / scales[(Steps * classCount) + k] : 1);
            target.SlopeLogits[k] = own + target.SlopeStepLogits[k];
        }

        target.Value = value;
        fixed (double* gradient = target.Gradient, stack = classifiers, sums = factorSums)
        {
            ThinProduct.AddToColumns(
                dimension, ThinProduct.PaddedRows(pending * classCount), stack + ((nint)packed * classCount * stride), stride,
                classCount, gradient, stride, sums, factorStride);
        }
    }

    // The first steps are in h₀ now.
    private void Shift()
    {
        int left = Steps - packed;
        Array.Copy(classifiers, packed * classCount * stride, classifiers, 0, (left + 1) * classCount * stride);
        Array.Copy(factors, packed * classCount, factors, 0, (left + 1) * classCount);
        Array.Copy(scales, packed * classCount, scales, 0, (left + 1) * classCount);
        for (int j = 0; j <= left; j++)
        {
            (slopes[j], slopes[j + packed]) = (slopes[j + packed], slopes[j]);
        }

        best = best < 0 ? best : best - packed;
        Steps = left;
        packed = 0;
    }
}
