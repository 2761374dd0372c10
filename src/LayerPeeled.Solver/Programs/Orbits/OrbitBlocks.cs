using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// The span 𝓑 of a pair colouring, brought to blocks: in suitable orthonormal bases every Z ∈ 𝓑 is the direct sum of blocks Z_i, each of them μ_i times, so ‖Z‖_* = Σ_i μ_i·‖Z_i‖_*.
/// A block is Z_i = U_iᵀ·Z·V_i with bases of the parts among tokens and among contexts of the irreducible module that a vector v generates under the algebra of 𝓑; v is an eigenvector of
/// X·Xᵀ, X ∈ 𝓑 random, on one class of tokens. Every basis vector lives on one class.
/// </summary>
internal sealed class OrbitBlocks
{
    // Eigenvalues closer than this are one, relative to the largest; different ones of a random matrix are farther apart.
    private const double EqualEigenvalues = 1e-10;

    // What is left of a vector in a span, relative to it; more is a new direction.
    private const double NewDirection = 1e-7;

    // Of the squared norms of a random element of 𝓑
    private const double ConsistencyError = 1e-9;
    private readonly PairColouring colouring;
    private readonly List<OrbitBlock> blocks = [];

    private OrbitBlocks(PairColouring colouring) => this.colouring = colouring;

    /// <summary>The blocks.</summary>
    public IReadOnlyList<OrbitBlock> Blocks => blocks;

    /// <summary>The decomposition; null where the colours turn out not to be closed, or too much alike to be told apart numerically.</summary>
    public static OrbitBlocks? Of(PairColouring colouring)
    {
        var result = new OrbitBlocks(colouring);
        var elements = new RandomElements(colouring);
        List<EigenSpace> spaces = [.. Enumerable.Range(0, colouring.TokenClasses).SelectMany(tokenClass => EigenSpaces(colouring, tokenClass, elements[0]))];
        var covered = new bool[spaces.Count];
        for (int s = 0; s < spaces.Count; s++)
        {
            if (covered[s])
            {
                continue;
            }

            var module = new OrbitModule(colouring, elements, spaces[s], NewDirection);
            // Real dimension of the field over which the module is irreducible: 1, 2 or 4
            int field = (int)Math.Round(module.Overlap(spaces[s]));
            if (field is not (1 or 2 or 4) || spaces[s].Dimension % field != 0)
            {
                return null;
            }

            for (int other = s; other < spaces.Count; other++)
            {
                covered[other] |= module.Overlap(spaces[other]) > 0.5;
            }

            result.blocks.Add(new OrbitBlock(colouring, module, spaces[s].Dimension / field));
        }

        return result.IsConsistent(elements) ? result : null;
    }

    // ‖X‖_F² = Σ_i μ_i·‖X_i‖_F² for a random X, which has a part in every block
    private bool IsConsistent(RandomElements elements)
    {
        double[] values = elements.Values(0);
        double whole = 0, parts = 0;
        for (int k = 0; k < values.Length; k++)
        {
            whole += colouring.Sizes[k] * values[k] * values[k];
        }

        foreach (OrbitBlock block in blocks)
        {
            double[] entries = new double[block.Rows * block.Columns];
            block.AddFrom(values, entries);
            parts += block.Multiplicity * TensorPrimitives.SumOfSquares<double>(entries);
        }

        return Math.Abs(whole - parts) <= ConsistencyError * whole;
    }

    // Those of X·Xᵀ on a class of tokens whose eigenvalue is not zero
    private static IEnumerable<EigenSpace> EigenSpaces(PairColouring colouring, int tokenClass, double[] element)
    {
        int[] tokens = colouring.TokenLists[tokenClass];
        int n = tokens.Length, v = colouring.TokenClass.Length, m = colouring.ContextClass.Length;
        double[] rows = new double[n * m], gram = new double[n * n], values = new double[n];
        for (int c = 0; c < m; c++)
        {
            for (int i = 0; i < n; i++)
            {
                rows[i + (c * n)] = element[tokens[i] + (c * v)];
            }
        }

        IDenseBackend blas = LinearAlgebraProvider.Backend;
        blas.SymmetricProduct(false, n, m, 1, rows, n, 0, gram, n);
        blas.SymmetricEigen(n, gram, values);
        for (int end = n; end > 0;)
        {
            int start = end - 1;
            while (start > 0 && values[start] - values[start - 1] <= EqualEigenvalues * values[^1])
            {
                start--;
            }

            if (values[start] > EqualEigenvalues * values[^1])
            {
                yield return new EigenSpace(tokenClass, n, gram[(start * n)..(end * n)]);
            }

            end = start;
        }
    }
}
