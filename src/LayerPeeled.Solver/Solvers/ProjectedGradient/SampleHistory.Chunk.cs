using LayerPeeled.Solver.LinearAlgebra.Kernels;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

internal sealed partial class SampleHistory
{
    /// <summary>
    /// Consecutive blocks of columns with the buffers of whoever works on them. Matrices hold the columns of a block side by side.
    /// </summary>
    private sealed class Chunk(int first, int end, int block, int classCount, int rows, int stride, int classStride, int steps)
    {
        /// <summary>The first block.</summary>
        public int First { get; } = first;

        /// <summary>The block after the last.</summary>
        public int End { get; } = end;

        /// <summary>Σ S_k·g·h₀ᵀ.</summary>
        public AlignedArray RowSums { get; } = new(classCount * stride);

        /// <summary>Σ (γ_j·g_j)·(S_k·g)ᵀ, the steps one after another.</summary>
        public AlignedArray FactorSums { get; } = new(steps * rows * classStride);

        /// <summary>The sums of each class that a state has.</summary>
        public double[] ClassSums { get; } = new double[State.Sums * classCount];

        /// <summary>γ_j·g_j, the steps one after another.</summary>
        public AlignedArray Factors { get; } = new(steps * rows * block);

        /// <summary>W⁺·(h₀ + Σ_j γ_j·W_jᵀg_j) with the steps before the trial; in the end S⁺·g.</summary>
        public AlignedArray Logits { get; } = new(rows * block);

        /// <summary>What the trial's own step adds.</summary>
        public AlignedArray Step { get; } = new(rows * block);

        /// <summary>z of all classes, then the derivatives in it.</summary>
        public AlignedArray Derivatives { get; } = new(classCount * block);

        /// <summary>W⁺W⁺ᵀ·g.</summary>
        public AlignedArray Images { get; } = new(rows * block);

        /// <summary>One number for each column.</summary>
        public AlignedArray Weights { get; } = new(block);

        /// <inheritdoc cref="Weights"/>
        public AlignedArray Sums { get; } = new(block);

        /// <summary>The class of each column.</summary>
        public int[] Classes { get; } = new int[block];

        /// <summary>Neighbouring columns of one class in the block at work: the class, the first column within the block and how many.</summary>
        public (int Class, int First, int Count)[] Runs { get; } = new (int, int, int)[block];

        /// <summary>How many runs there are.</summary>
        public int RunCount { get; set; }
    }
}
