using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// A model with soft targets over matrices Z with one number z_k for each colour of a pair colouring: minimise Σ_C |C|·ω_C·KL(t_C‖softmax z_C), C the classes of contexts, one column for each, under
/// Σ_i μ_i·‖Z_i‖_* ≤ r.
/// </summary>
internal sealed class OrbitProgram
{
    private readonly double[] targets;

    // How many tokens of a context have each colour
    private readonly double[] counts;
    private readonly double[] inverseSizes;
    private readonly double[] probabilities;
    private readonly double[] scratch;

    private OrbitProgram(SoftTargetModel model, PairColouring colouring, OrbitBlocks blocks)
    {
        (Model, Colouring, Blocks) = (model, colouring, blocks.Blocks);
        int n = colouring.Count;
        (targets, counts, probabilities, scratch) = (new double[n], new double[n], new double[n], new double[n]);
        inverseSizes = Array.ConvertAll(colouring.Sizes, size => 1.0 / size);
        Weights = new double[colouring.ContextClasses];
        int v = model.Targets.Tokens;
        for (int c = 0; c < model.Targets.Contexts; c++)
        {
            Weights[colouring.ContextClass[c]] += model.Targets.Weights[c];
            ReadOnlySpan<int> rows = model.Targets.Distributions.RowsOf(c);
            for (int i = 0; i < rows.Length; i++)
            {
                int colour = colouring.Colours[rows[i] + (c * v)];
                targets[colour] += model.Targets.Distributions.ValuesOf(c)[i] / colouring.Sizes[colour];
            }
        }

        for (int k = 0; k < n; k++)
        {
            counts[k] = (double)colouring.Sizes[k] / colouring.ContextLists[colouring.ContextClassOf[k]].Length;
        }
    }

    /// <summary>The model.</summary>
    public SoftTargetModel Model { get; }

    /// <summary>The colours.</summary>
    public PairColouring Colouring { get; }

    /// <summary>The blocks.</summary>
    public IReadOnlyList<OrbitBlock> Blocks { get; }

    /// <summary>|C|·ω_C of each class of contexts.</summary>
    public double[] Weights { get; }

    /// <summary>1/|k| of each colour.</summary>
    public ReadOnlySpan<double> InverseSizes => inverseSizes;

    /// <summary>The target of each colour.</summary>
    public ReadOnlySpan<double> Targets => targets;

    /// <summary>The program over the colours of a model; null where the colours do not come apart into blocks.</summary>
    public static OrbitProgram? Of(SoftTargetModel model, PairColouring colouring) =>
        OrbitBlocks.Of(colouring) is { } blocks ? new OrbitProgram(model, colouring, blocks) : null;

    /// <summary>The average loss, and its derivatives by the z_k divided by |k|: the gradient in Z, colour by colour.</summary>
    public double Gradient(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double value = 0;
        for (int c = 0; c < Weights.Length; c++)
        {
            Range range = Colouring.ColoursOf(c);
            ReadOnlySpan<double> column = z[range], n = counts.AsSpan(range), t = targets.AsSpan(range);
            Span<double> p = probabilities.AsSpan(range), slope = gradient[range];
            TensorPrimitives.Subtract(column, TensorPrimitives.Max(column), slope);
            TensorPrimitives.Exp<double>(slope, p);
            double total = TensorPrimitives.Dot(n, p), logTotal = Math.Log(total), sum = 0;
            TensorPrimitives.Divide(p, total, p);
            for (int k = 0; k < p.Length; k++)
            {
                // As SoftTargetLoss: p·h(t/p − 1), or by logits where p vanishes beside t
                sum += n[k] * (t[k] > 1e3 * p[k] ? (t[k] * (Math.Log(t[k]) - slope[k] + logTotal)) - t[k] + p[k] : p[k] * CrossEntropyLoss.Divergence((t[k] - p[k]) / p[k]));
            }

            value += Weights[c] * sum;
            TensorPrimitives.Subtract(p, t, slope);
            TensorPrimitives.Multiply(slope, Weights[c] / Colouring.ContextLists[c].Length, slope);
        }

        return value;
    }

    /// <summary>The change of <see cref="Gradient"/> along a direction, at the point where it was evaluated last.</summary>
    public void CurvatureProduct(ReadOnlySpan<double> direction, Span<double> product)
    {
        for (int c = 0; c < Weights.Length; c++)
        {
            // ω·(diag p − p·pᵀ)·d
            Range range = Colouring.ColoursOf(c);
            Span<double> p = probabilities.AsSpan(range), weighted = scratch.AsSpan(range), part = product[range];
            TensorPrimitives.Multiply(p, counts.AsSpan(range), weighted);
            TensorPrimitives.Subtract(direction[range], TensorPrimitives.Dot(weighted, direction[range]), part);
            TensorPrimitives.Multiply(part, p, part);
            TensorPrimitives.Multiply(part, Weights[c] / Colouring.ContextLists[c].Length, part);
        }
    }

    /// <summary>W and H over the columns of a program, from the numbers of a point within the ball.</summary>
    public GroupedFactors Factors(SoftTargetProgram whole, NuclearNormProgram program, double[] z)
    {
        int v = Model.Targets.Tokens, m = Model.Targets.Contexts, q = Math.Min(v, m), n = program.GroupCount;
        double[] logits = Array.ConvertAll(Colouring.Colours, colour => z[colour]), left = new double[MatrixShape.Length(v, q)], right = new double[MatrixShape.Length(q, m)], values = new double[q];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(v, m, logits, left, values, right);
        int rank = Math.Max(1, values.Count(value => value > 1e-15 * n * values[0]));
        double balance = Math.Sqrt(Math.Sqrt(v * Model.ClassifierBudget / (m * Model.FeatureBudget)));
        ReadOnlyMemory<int> first = whole.FirstContexts;
        Matrix<double> classifier = Matrix<double>.Build.Dense(n, rank, (j, i) => j < v ? balance * Math.Sqrt(values[i]) * left[j + (i * v)] : 0);
        Matrix<double> features = Matrix<double>.Build.Dense(rank, n, (i, c) => c < first.Length ? Math.Sqrt(values[i]) / balance * right[i + (first.Span[c] * q)] : 0);
        return GroupedFactors.OfClasses(program, classifier, features);
    }
}
