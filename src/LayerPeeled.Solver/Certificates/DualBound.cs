using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// A lower bound of the optimum in exact arithmetic, from a dual point alone: f* ≥ −Σ_k ω_k·L*(y_k/ω_k) − r·σ_max(Y) for any Y. The dual point is what the
/// columns y_k/ω_k say, exactly; the matrix is built from them again, and what its entries are off by is part of the bound of its norm.
/// </summary>
internal sealed class DualBound
{
    // What the entries of the matrix and the spreads are off by at most, relatively, in units of rounding
    private const int EntryError = 6;
    private const int SpreadError = Rounding.SumError + 2;
    private const int FeatureRootError = 6;
    private const double SmallestBump = 4 * Rounding.Unit;
    private const double LargestBump = 1e-3;

    // From so many on, threads are worth their start.
    private const long ParallelLogarithms = 100_000;
    private readonly NuclearNormProgram program;
    private readonly ColumnLosses losses;
    private readonly GroupedMatrix matrix;

    // One after another where targets are distributions, which come in the thousands
    private readonly double[] columns;
    private readonly double[] ownDuals;
    private readonly double[] columnValues;
    private readonly double[] diagonalErrors;
    private readonly double entrySlack; // σ_max(|Y|), not below, but for the spreads

    /// <param name="program">The program whose columns the dual has.</param>
    /// <param name="dual">
    /// Y, in units of e^<paramref name="logUnit"/>, moved into the domain of the conjugate up to rounding. Receives the matrix that the bound is of where targets are distributions.
    /// </param>
    /// <param name="logUnit">log u.</param>
    /// <param name="hint">About σ_max(Y).</param>
    /// <param name="factorise">False for a loose bound of the norm that needs no factorisation.</param>
    public DualBound(NuclearNormProgram program, GroupedMatrix dual, double logUnit, double hint, bool factorise)
    {
        this.program = program;
        losses = program.Losses(logUnit);
        int n = program.GroupCount;
        columns = new double[program.HasTargets ? n : MatrixShape.Length(n, n)];
        (ownDuals, columnValues, diagonalErrors) = (new double[n], new double[n], new double[n]);
        double[] multiplicities = program.Sizes.ToArray();
        matrix = program.HasTargets ? dual : program.CreateMatrix();
        double spreadError = 0;
        for (int h = 0; h < n; h++)
        {
            double weight = program.Weights[h];
            ILoss loss = losses[h];
            if (weight == 0)
            {
                matrix.Core.AsSpan(h * n, n).Clear();
                matrix.Spread[h] = 0;
                continue;
            }

            int row = program.OwnRow(h);
            multiplicities[row] -= 1;
            Span<double> column = columns.AsSpan(program.HasTargets ? 0 : h * n, n);
            double own = program.ReadGradient(dual, h, column);
            loss.RepairDual(multiplicities, ref own, column);
            columnValues[h] = loss.DualValueBelow(multiplicities, own, column);
            if (double.IsNegativeInfinity(columnValues[h]))
            {
                // At the border of the domain: a little inside
                double inside = 1 - (16 * Rounding.Unit * (n + 8));
                TensorPrimitives.Multiply(column, inside, column);
                own *= inside;
                columnValues[h] = loss.DualValueBelow(multiplicities, own, column);
            }

            // What the others imply, exactly, or a number of its own
            own = ownDuals[h] = loss.OwnDual(multiplicities, own, column, out double ownError);
            ownError *= weight / program.FeatureRoots[h];
            double sibling = program.Sizes[h] == 1 ? 0 : column[h];
            program.WriteColumn(matrix, h, own, column);
            // On the diagonal own + (K_h − 1)·sibling may cancel.
            diagonalErrors[h] = (EntryError * Rounding.Unit * weight / program.FeatureRoots[h] * (Math.Abs(own) + (program.Sizes[h] * Math.Abs(sibling)))) + Rounding.Up(ownError, 4);
            spreadError = program.Sizes[h] == 1 ? spreadError : Math.Max(spreadError, Rounding.Up(ownError, 4));
            multiplicities[row] += 1;
        }

        VerifiedNorm norm = VerifiedNorm.Of(n, matrix.Core, hint, factorise);
        double core = norm.Norm + (EntryError * Rounding.Unit * norm.AbsoluteNorm) + NormOfOwnErrors();
        double sigma = Math.Max(Rounding.Up(core, 4), Rounding.Up(GroupedSpectrum.LargestSpread(matrix) + spreadError, SpreadError));
        // The columns are divided by √ρ, each with its own rounding.
        (Sigma, entrySlack) = (program.Model.Regulariser.FeatureNorm == FeatureNorm.PerSample ? Rounding.Up(sigma, FeatureRootError) : sigma, norm.AbsoluteNorm);
    }

    // Not below σ_max of a matrix with one error in each column, in its own row
    private double NormOfOwnErrors()
    {
        if (!program.HasTargets)
        {
            return TensorPrimitives.Max<double>(diagonalErrors);
        }

        var squares = new double[program.GroupCount];
        for (int h = 0; h < squares.Length; h++)
        {
            squares[program.OwnRow(h)] += diagonalErrors[h] * diagonalErrors[h];
        }

        return Rounding.Up(Math.Sqrt(TensorPrimitives.Max<double>(squares)), squares.Length + 2);
    }

    /// <summary>A number not below σ_max(Y).</summary>
    public double Sigma { get; }

    /// <summary>Where targets are classes: the dual point of one class of a column, exactly: y/ω in the other logits, in the order of <see cref="NuclearNormProgram.Sizes"/>.</summary>
    internal ReadOnlySpan<double> Column(int h) => columns.AsSpan(h * program.GroupCount, program.GroupCount);

    /// <summary>The own entry of the dual point of one class of a column, exactly, for a loss that is not shift-invariant.</summary>
    internal double OwnDual(int h) => ownDuals[h];

    /// <summary>The lower bound, in the unit of the dual; −∞ outside the domain of the conjugate, NaN for a loss that cannot say.</summary>
    /// <param name="ratios">
    /// For a program that merges groups: ρ for each group of the model, the factor of its columns y/ω beside those of its block (<see cref="MergedRemainder"/>).
    /// Empty where each column stands for equal classes.
    /// </param>
    /// <param name="upper">An upper bound of the optimum if the loss cannot be negative, else +∞.</param>
    public double Value(ReadOnlySpan<double> ratios, double upper = double.PositiveInfinity)
    {
        var weights = new ClassWeights(program);
        int n = program.GroupCount;
        double[] dualValues = DualValues(weights.Members, ratios);
        CompensatedSum values = default, sizes = default;
        var factors = new List<(double Classes, double Factor)>[n];
        for (int i = 0; i < dualValues.Length; i++)
        {
            (int h, int group, double classes) = weights.Members[i];
            double weight = weights.OfGroup(group), block = program.Weights[h], ratio = ratios.IsEmpty ? 1 : ratios[group];
            if (block == 0 || weight == 0)
            {
                continue;
            }

            if (!double.IsFinite(dualValues[i]))
            {
                return double.IsNegativeInfinity(dualValues[i]) ? dualValues[i] : double.NaN;
            }

            double value = classes * weight * dualValues[i];
            values.Add(value);
            sizes.Add(Math.Abs(value));
            // d = ρ·ω/ω_h: by how much the column is larger than that of the block
            (factors[h] ??= []).Add((classes, Rounding.Up(ratio * weight / block, ClassWeights.Error + (ratio == 1 && weight == block ? 0 : 2))));
        }

        double stretch = 0, largest = 0;
        for (int h = 0; h < n; h++)
        {
            if (factors[h] is { } members)
            {
                double spread = program.Sizes[h] == 1 ? 0 : Rounding.Up(Math.Abs(matrix.Spread[h]) / Sigma, SpreadError + 1);
                stretch = Math.Max(stretch, StretchOf(members, spread));
                largest = Math.Max(largest, members.Max(member => member.Factor));
            }
        }

        // r·σ, r with four roundings; a value with those of its weight, of two products and of the sum
        double columnError = ratios.IsEmpty ? 0 : Rounding.Up(2 * Rounding.Unit * largest * (entrySlack + Sigma), 4);
        double bound = program.Term.DualSupportAbove((Sigma * (1 + stretch)) + columnError, upper);
        if (program.Bias is { } bias)
        {
            bound = Rounding.Up(bound + bias.SupportAbove(matrix, (EntryError + FeatureRootError) * Rounding.Unit, diagonalErrors, upper), 1);
        }

        double below = values.Value - bound - (Rounding.Unit * (ClassWeights.Error + Rounding.SumError + 2) * sizes.Value);
        // Divided by the sum of the weights, which is 1 to rounding
        return (below / weights.Total) - (16 * Rounding.Unit * Math.Abs(below));
    }

    // −L*(ρ·y/ω) for one class of each member; the products ρ·y/ω as they are rounded are its dual point.
    private double[] DualValues(IReadOnlyList<(int Column, int Group, double Classes)> members, ReadOnlySpan<double> ratios)
    {
        int n = program.GroupCount;
        double[] result = new double[members.Count], ratioOfGroup = ratios.ToArray();
        if (ratios.IsEmpty)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = columnValues[members[i].Column];
            }

            return result;
        }

        ILookup<int, int> membersOfColumn = Enumerable.Range(0, result.Length).ToLookup(i => members[i].Column);
        int threads = (long)result.Length * n < ParallelLogarithms ? 1 : LinearAlgebraProvider.Backend.Threads;
        Parallel.For(0, n, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new double[2 * n], (h, _, work) =>
        {
            Span<double> scaled = work.AsSpan(0, n), sizes = work.AsSpan(n, n);
            program.Sizes.CopyTo(sizes);
            sizes[h] -= 1;
            foreach (int i in membersOfColumn[h])
            {
                double ratio = ratioOfGroup[members[i].Group];
                if (ratio == 1 || program.Weights[h] == 0)
                {
                    result[i] = columnValues[h];
                    continue;
                }

                TensorPrimitives.Multiply(Column(h), ratio, scaled);
                result[i] = losses[h].DualValueBelow(sizes, ratio * ownDuals[h], scaled);
            }

            return work;
        }, _ => { });
        return result;
    }

    // The smallest τ of a ladder with σ_max(Y·D) ≤ σ(1 + τ) as far as one block is concerned (MergedRemainder): that all d_k ≤ 1 + τ, or that
    // x_k = (d_k/(1 + τ))² have s²·x_k < 1 and the average of x_k/(1 − s²·x_k) at most 1/(1 − s²), s = |α|/σ.
    private static double StretchOf(List<(double Classes, double Factor)> members, double spread)
    {
        double largest = Math.Max(0, members.Max(member => member.Factor) - 1), bump = members.Count == 1 || !(spread < 1) ? largest : 0;
        while (bump < largest && !Holds(1 + bump))
        {
            bump = bump == 0 ? SmallestBump : bump < LargestBump ? 2 * bump : largest;
        }

        return Math.Min(bump, largest);

        bool Holds(double factor)
        {
            double square = spread * spread, right = 1 / ((1 - square) * (1 + (8 * Rounding.Unit))), sum = 0, size = 0;
            foreach ((double classes, double d) in members)
            {
                double x = Rounding.Up(d / factor * (d / factor), 6), pole = 1 - Rounding.Up(square * x, 4);
                if (!(pole > 4 * Rounding.Unit))
                {
                    return false;
                }

                sum += classes * Rounding.Up(x / (pole - (2 * Rounding.Unit)), 4);
                size += classes;
            }

            return sum / size * (1 + Rounding.Gamma((2 * members.Count) + 8)) <= right;
        }
    }
}
