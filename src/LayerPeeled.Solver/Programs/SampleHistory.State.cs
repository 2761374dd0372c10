namespace LayerPeeled.Solver.Programs;

internal sealed unsafe partial class SampleHistory
{
    /// <summary>All that a step rule needs to know of a point. Rows of W and of its gradient are contiguous and padded.</summary>
    public sealed class State(int classCount, int length)
    {
        /// <summary>Places of the sums over the columns of each class.</summary>
        public const int Losses = 0, OldLogits = 1, StepLogits = 2, Gram = 3, Sums = 4;

        /// <summary>W.</summary>
        public double[] Classifier { get; } = new double[length];

        /// <summary>∇f in W.</summary>
        public double[] Gradient { get; } = new double[length];

        /// <summary>f.</summary>
        public double Value { get; set; }

        /// <summary>Σ‖h‖² of each class.</summary>
        public double[] Norms2 { get; } = new double[classCount];

        /// <summary>Σ⟨Wh, g⟩ of each class, which is ⟨h, ∇_h f⟩.</summary>
        public double[] SlopeLogits { get; } = new double[classCount];

        /// <summary>Σ gᵀWWᵀg of each class, which is ‖∇_h f‖².</summary>
        public Span<double> SlopeGram => ClassSums.AsSpan(Gram * classCount, classCount);

        /// <summary>Σ⟨W·h', g⟩ with the features h' before the step.</summary>
        public Span<double> SlopeOldLogits => ClassSums.AsSpan(OldLogits * classCount, classCount);

        /// <summary>Σ⟨W·(−βW'ᵀg'), g⟩, what the gradient before the step adds.</summary>
        public Span<double> SlopeStepLogits => ClassSums.AsSpan(StepLogits * classCount, classCount);

        internal double[] ClassSums { get; } = new double[Sums * classCount];

        internal void Clear()
        {
            Array.Clear(Gradient);
            Array.Clear(ClassSums);
        }
    }

    /// <summary>Consecutive columns with the buffers of whoever works on them.</summary>
    private sealed class Chunk
    {
        public Chunk(int first, int count, int block, int classCount, int rows, int stride, int factorStride)
        {
            (First, Count, Block) = (first, count, block);
            RowSums = new double[rows * stride];
            FactorSums = new double[rows * factorStride];
            ClassSums = new double[State.Sums * classCount];
            Factors = new double[block * factorStride];
            Logits = new double[block * rows];
            Kept = new double[block * rows];
            Step = new double[block * rows];
            Multiplicities = new double[classCount];
            Array.Fill(Multiplicities, 1);
        }

        public int First { get; }

        public int Count { get; }

        public int Block { get; }

        /// <summary>Σ S_k·g·h₀ᵀ.</summary>
        public double[] RowSums { get; }

        /// <summary>Σ S_k·g·(γ_j·g_j)ᵀ.</summary>
        public double[] FactorSums { get; }

        public double[] ClassSums { get; }

        /// <summary>γ_j·g_j of a block, the steps one after another.</summary>
        public double[] Factors { get; }

        public double[] Logits { get; }

        public double[] Kept { get; }

        public double[] Step { get; }

        public double[] Multiplicities { get; }
    }
}
