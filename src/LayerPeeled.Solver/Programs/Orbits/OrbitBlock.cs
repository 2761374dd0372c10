using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>One block Z_i = U_iᵀ·Z·V_i = Σ_k z_k·U_iᵀ·1_k·V_i of the matrices with one number z_k for each colour, which stands μ_i times in them.</summary>
internal sealed class OrbitBlock
{
    // U_iᵀ·1_k·V_i: for each entry, column by column, those of the colours of its pair of classes, which follow each other
    private readonly (int First, double[] Coefficients)[] entries;

    public OrbitBlock(PairColouring colouring, OrbitModule module, int multiplicity)
    {
        Multiplicity = multiplicity;
        RowClasses = [.. module.Tokens.Select(basis => basis.Class)];
        ColumnClasses = [.. module.Contexts.Select(basis => basis.Class)];
        entries = new (int, double[])[Rows * Columns];
        int v = colouring.TokenClass.Length;
        double[] sums = new double[colouring.Count];
        for (int q = 0; q < Columns; q++)
        {
            (int contextClass, double[] right) = module.Contexts[q];
            int[] contexts = colouring.ContextLists[contextClass];
            for (int p = 0; p < Rows; p++)
            {
                (int tokenClass, double[] left) = module.Tokens[p];
                int[] tokens = colouring.TokenLists[tokenClass];
                (int first, int end) = colouring.ColoursOf(tokenClass, contextClass);
                for (int c = 0; c < contexts.Length; c++)
                {
                    ReadOnlySpan<int> column = colouring.Colours.AsSpan(contexts[c] * v, v);
                    for (int j = 0; j < tokens.Length; j++)
                    {
                        sums[column[tokens[j]]] += left[j] * right[c];
                    }
                }

                entries[p + (q * Rows)] = (first, sums[first..end]);
                sums.AsSpan(first..end).Clear();
            }
        }
    }

    /// <summary>μ_i.</summary>
    public int Multiplicity { get; }

    /// <summary>Rows of the block.</summary>
    public int Rows => RowClasses.Length;

    /// <summary>Columns of the block.</summary>
    public int Columns => ColumnClasses.Length;

    /// <summary>The class of tokens of each row.</summary>
    public int[] RowClasses { get; }

    /// <summary>The class of contexts of each column.</summary>
    public int[] ColumnClasses { get; }

    /// <summary>block += Σ_k x_k·U_iᵀ·1_k·V_i.</summary>
    /// <param name="values">x.</param>
    /// <param name="block">The block, column by column.</param>
    public void AddFrom(ReadOnlySpan<double> values, Span<double> block)
    {
        for (int e = 0; e < entries.Length; e++)
        {
            (int first, double[] coefficients) = entries[e];
            block[e] += TensorPrimitives.Dot(coefficients, values.Slice(first, coefficients.Length));
        }
    }

    /// <summary>x_k += ⟨U_iᵀ·1_k·V_i, block⟩.</summary>
    /// <param name="block">The block, column by column.</param>
    /// <param name="values">x.</param>
    public void AddTo(ReadOnlySpan<double> block, Span<double> values)
    {
        for (int e = 0; e < entries.Length; e++)
        {
            (int first, double[] coefficients) = entries[e];
            Span<double> part = values.Slice(first, coefficients.Length);
            TensorPrimitives.MultiplyAdd(coefficients, block[e], part, part);
        }
    }
}
