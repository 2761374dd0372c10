using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Programs.Orbits;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>
/// The program over orbits in factor form, block by block: μ_i·Z_i = X_i·Y_iᵀ with X and Y on spheres, Σ_i ‖X_i‖_F² = Σ_i ‖Y_i‖_F² = r, and φ(x̂) = log f, x = c·D·x̂, as
/// <see cref="FactorObjective"/> has it for whole matrices.
/// </summary>
internal sealed class OrbitObjective : ICurvedObjective
{
    // Blocks of fewer products are not worth a call.
    private const int SmallBlock = 4096;
    private const double SmallestRelativeWeight = 5e-3;

    // Singular values of the start, relative to the largest: a column of length zero would stay so.
    private const double LeastStart = 1e-3;
    private readonly OrbitProgram program;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int[] ranks;
    private readonly int[] starts;
    private readonly int half;
    private readonly double[] scaling;
    private readonly double[] point;
    private readonly double[] image;
    private readonly double[] tangent;
    private readonly double[][] matrices;
    private readonly double[] logits;
    private readonly double[] gradient;
    private readonly double[] direction;
    private readonly double[] gradientDirection;
    private double value;
    private double leftScale;
    private double rightScale;

    public OrbitObjective(OrbitProgram program)
    {
        this.program = program;
        Radius = program.Model.Radius;
        ranks = [.. program.Blocks.Select(block => Math.Min(block.Rows, block.Columns))];
        starts = new int[2 * ranks.Length];
        int next = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            half = i == ranks.Length ? next : half;
            starts[i] = next;
            next += Length(i);
        }

        Dimension = next;
        (scaling, point, image, tangent) = (new double[next], new double[next], new double[next], new double[next]);
        matrices = [.. program.Blocks.Select(block => new double[block.Rows * block.Columns])];
        int n = program.Colouring.Count;
        (logits, gradient, direction, gradientDirection) = (new double[n], new double[n], new double[n], new double[n]);
        FillScaling();
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public double Stationarity { get; private set; }

    /// <summary>r.</summary>
    public double Radius { get; }

    /// <summary>λ = −⟨G, Z⟩/r at the last evaluated point.</summary>
    public double Multiplier { get; private set; }

    /// <summary>f at the last evaluated point.</summary>
    public double Value => value;

    /// <summary>z, one number for each colour, at the last evaluated point.</summary>
    public double[] Logits => logits;

    /// <summary>x̂ of the centred targets, within all dimensions.</summary>
    public double[] Start()
    {
        double[] z = new double[program.Colouring.Count], x = new double[Dimension];
        TensorPrimitives.Subtract(program.Targets, 1.0 / program.Model.Targets.Tokens, z);
        var parts = new (double[] Left, double[] Values, double[] Right)[ranks.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            OrbitBlock block = program.Blocks[i];
            Array.Clear(matrices[i]);
            block.AddFrom(z, matrices[i]);
            parts[i] = (new double[block.Rows * ranks[i]], new double[ranks[i]], new double[block.Columns * ranks[i]]);
            blas.SingularValueDecomposition(block.Rows, block.Columns, matrices[i], parts[i].Left, parts[i].Values, parts[i].Right);
        }

        double least = LeastStart * parts.Max(part => part.Values[0]);
        least = least > 0 ? least : 1;
        for (int i = 0; i < ranks.Length; i++)
        {
            (int rows, int columns) = (program.Blocks[i].Rows, program.Blocks[i].Columns);
            for (int l = 0; l < ranks[i]; l++)
            {
                double root = Math.Sqrt(program.Blocks[i].Multiplicity * Math.Max(least, parts[i].Values[l]));
                TensorPrimitives.Multiply(parts[i].Left.AsSpan(l * rows, rows), root, Part(x, i).Slice(l * rows, rows));
                for (int q = 0; q < columns; q++)
                {
                    Part(x, i + ranks.Length)[q + (l * columns)] = root * parts[i].Right[l + (q * ranks[i])];
                }
            }
        }

        TensorPrimitives.Divide(x, scaling, x);
        return x;
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> scaled, Span<double> slope)
    {
        TensorPrimitives.Multiply(scaled, scaling, point);
        leftScale = Math.Sqrt(Radius) / TensorPrimitives.Norm<double>(point.AsSpan(0, half));
        rightScale = Math.Sqrt(Radius) / TensorPrimitives.Norm<double>(point.AsSpan(half));
        Array.Clear(logits);
        for (int i = 0; i < ranks.Length; i++)
        {
            Product(i, leftScale * rightScale, point, point, 0);
            program.Blocks[i].AddTo(matrices[i], logits);
        }

        TensorPrimitives.Multiply(logits, program.InverseSizes, logits);
        value = program.Gradient(logits, gradient);
        ApplyGradient(gradient, point, 1, 1, 0);
        // ⟨G, Z⟩ = c_L·c_R·⟨X, G·Y⟩; tangent t = c_R·G·Y + λ·c_L·X
        Multiplier = -leftScale * rightScale * TensorPrimitives.Dot<double>(point.AsSpan(0, half), image.AsSpan(0, half)) / Radius;
        double square = 0;
        for (int side = 0; side < 2; side++)
        {
            Range range = Side(side);
            (double own, double other) = side == 0 ? (leftScale, rightScale) : (rightScale, leftScale);
            Span<double> t = image.AsSpan(range);
            TensorPrimitives.Multiply(t, other, t);
            TensorPrimitives.MultiplyAdd(point.AsSpan(range), Multiplier * own, t, t);
            square += TensorPrimitives.SumOfSquares<double>(t);
            TensorPrimitives.Multiply(t, own / value, slope[range]);
        }

        TensorPrimitives.Multiply(slope, scaling, slope);
        Stationarity = Math.Sqrt(square) / (Math.Abs(Multiplier) * Math.Sqrt(2 * Radius));
        return Math.Log(value);
    }

    /// <inheritdoc/>
    public void CurvatureProduct(ReadOnlySpan<double> slope, ReadOnlySpan<double> scaledDirection, Span<double> product)
    {
        // ξ = D·d, tangent to the spheres; c is left out until the products take it in
        TensorPrimitives.Multiply(scaledDirection, scaling, tangent);
        for (int side = 0; side < 2; side++)
        {
            Span<double> part = tangent.AsSpan(Side(side));
            TensorPrimitives.MultiplyAdd(point.AsSpan(Side(side)), -AlongNormal(part, side), part, part);
        }

        Array.Clear(direction);
        for (int i = 0; i < ranks.Length; i++)
        {
            Product(i, leftScale * rightScale, tangent, point, 0);
            Product(i, leftScale * rightScale, point, tangent, 1);
            program.Blocks[i].AddTo(matrices[i], direction);
        }

        TensorPrimitives.Multiply(direction, program.InverseSizes, direction);
        program.CurvatureProduct(direction, gradientDirection);
        // P(dG·x + G·ξ + λξ)
        ApplyGradient(gradientDirection, point, rightScale, leftScale, 0);
        ApplyGradient(gradient, tangent, rightScale, leftScale, 1);
        for (int side = 0; side < 2; side++)
        {
            Range range = Side(side);
            double own = side == 0 ? leftScale : rightScale;
            Span<double> part = image.AsSpan(range);
            TensorPrimitives.MultiplyAdd(tangent.AsSpan(range), Multiplier * own, part, part);
            TensorPrimitives.MultiplyAdd(point.AsSpan(range), -AlongNormal(part, side), part, part);
            TensorPrimitives.Multiply(part, own / value, product[range]);
        }

        TensorPrimitives.Multiply(product, scaling, product);
        // of the logarithm: H/f − ∇φ∇φᵀ
        TensorPrimitives.MultiplyAdd(slope, -TensorPrimitives.Dot(slope, scaledDirection), product, product);
    }

    /// <inheritdoc/>
    public double LargestChange(ReadOnlySpan<double> scaled, ReadOnlySpan<double> step)
    {
        double largest = 0;
        for (int side = 0; side < 2; side++)
        {
            int[][] lists = side == 0 ? program.Colouring.TokenLists : program.Colouring.ContextLists;
            double[] sizes = new double[lists.Length], changes = new double[lists.Length];
            for (int i = 0; i < ranks.Length; i++)
            {
                int[] classes = side == 0 ? program.Blocks[i].RowClasses : program.Blocks[i].ColumnClasses;
                int start = starts[i + (side * ranks.Length)];
                for (int e = 0; e < classes.Length * ranks[i]; e++)
                {
                    int of = classes[e % classes.Length];
                    (double x, double d) = (scaling[start + e] * scaled[start + e], scaling[start + e] * step[start + e]);
                    (sizes[of], changes[of]) = (sizes[of] + (x * x), changes[of] + (d * d));
                }
            }

            // A short vector has the errors of one of that length.
            double least = LayerPeeledSolution.ShortVector * LayerPeeledSolution.ShortVector * sizes.Sum() / lists.Sum(list => list.Length);
            for (int i = 0; i < lists.Length; i++)
            {
                largest = Math.Max(largest, changes[i] / Math.Max(sizes[i], least * lists[i].Length));
            }
        }

        return Math.Sqrt(largest);
    }

    // Rows of tokens and contexts, as their curvature goes: by the weight of one of the class
    private void FillScaling()
    {
        PairColouring colouring = program.Colouring;
        double[] contexts = [.. program.Weights.Select((weight, c) => weight / colouring.ContextLists[c].Length)], tokens = new double[colouring.TokenClasses];
        for (int k = 0; k < colouring.Count; k++)
        {
            tokens[colouring.TokenClassOf[k]] += colouring.Sizes[k] * program.Targets[k] * contexts[colouring.ContextClassOf[k]] / colouring.TokenLists[colouring.TokenClassOf[k]].Length;
        }

        for (int i = 0; i < starts.Length; i++)
        {
            bool left = i < ranks.Length;
            int[] classes = left ? program.Blocks[i].RowClasses : program.Blocks[i - ranks.Length].ColumnClasses;
            double[] weights = left ? tokens : contexts;
            double top = weights.Max();
            Span<double> part = Part(scaling, i);
            for (int e = 0; e < part.Length; e++)
            {
                part[e] = Math.Pow(Math.Max(weights[classes[e % classes.Length]] / top, SmallestRelativeWeight), -0.25);
            }
        }
    }

    private int Length(int part) => part < ranks.Length ? program.Blocks[part].Rows * ranks[part] : program.Blocks[part - ranks.Length].Columns * ranks[part - ranks.Length];

    private Span<double> Part(double[] x, int part) => x.AsSpan(starts[part], Length(part));

    private Range Side(int side) => side == 0 ? 0..half : half..Dimension;

    // ⟨n, x⟩/‖n‖², n one half of the point
    private double AlongNormal(ReadOnlySpan<double> x, int side)
    {
        double own = side == 0 ? leftScale : rightScale;
        return own * own * TensorPrimitives.Dot(point.AsSpan(Side(side)), x) / Radius;
    }

    // matrix ← factor·left·rightᵀ + β·matrix
    private void Product(int block, double factor, double[] left, double[] right, double beta)
    {
        (int rows, int columns, int rank) = (program.Blocks[block].Rows, program.Blocks[block].Columns, ranks[block]);
        Multiply(false, true, rows, columns, rank, factor, Part(left, block), rows, Part(right, block + ranks.Length), columns, beta, matrices[block], rows);
    }

    // image ← (left·G·Y, right·Gᵀ·X) + β·image
    private void ApplyGradient(double[] colours, double[] x, double left, double right, double beta)
    {
        for (int i = 0; i < ranks.Length; i++)
        {
            (int rows, int columns, int rank) = (program.Blocks[i].Rows, program.Blocks[i].Columns, ranks[i]);
            double[] block = matrices[i];
            Array.Clear(block);
            program.Blocks[i].AddFrom(colours, block);
            Multiply(false, false, rows, rank, columns, left, block, rows, Part(x, i + ranks.Length), columns, beta, Part(image, i), rows);
            Multiply(true, false, columns, rank, rows, right, block, rows, Part(x, i), rows, beta, Part(image, i + ranks.Length), columns);
        }
    }

    private void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb, double beta, Span<double> c, int ldc)
    {
        if (m * n * k > SmallBlock)
        {
            blas.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
            return;
        }

        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++)
            {
                double sum = 0;
                for (int l = 0; l < k; l++)
                {
                    sum += (transposeA ? a[l + (i * lda)] : a[i + (l * lda)]) * (transposeB ? b[j + (l * ldb)] : b[l + (j * ldb)]);
                }

                c[i + (j * ldc)] = (alpha * sum) + (beta == 0 ? 0 : beta * c[i + (j * ldc)]);
            }
        }
    }
}
