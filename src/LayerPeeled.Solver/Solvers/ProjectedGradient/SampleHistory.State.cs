namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

internal sealed partial class SampleHistory
{
    /// <summary>All that a step rule needs to know of a point. Rows of W and of its gradient are contiguous, at a common distance.</summary>
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
}
