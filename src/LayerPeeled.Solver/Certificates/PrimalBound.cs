using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// An upper bound of the loss of a point (W, H̄) in exact arithmetic, after scaling it back into the budgets. The product W·H̄ is made again by
/// <see cref="ManagedBackend"/>; how far off its entries may be follows from the norms of their rows.
/// </summary>
internal static class PrimalBound
{
    // Roundings from an entry of the product to a logit of another class, and to those of the own group
    private const int Steps = 8;
    private const int OwnSteps = 3;

    // Of the root, the quotient and the sum
    private const int BiasSteps = 4;

    // Roundings of √ρ and of dividing by it
    private const int FeatureRootSteps = 4;

    // Losses of ordinary unit are larger than e⁻³⁰⁰, and what 10⁸ classes of subnormal weight add to one is not.
    private const double LostToUnderflow = 1e-290;

    // From so many on, threads are worth their start.
    private const long ParallelExponentials = 20_000;

    /// <summary>A number not below the loss, in units of e^<paramref name="logUnit"/>; NaN for a loss that cannot say.</summary>
    public static double Of(GroupedFactors factors, double logUnit)
    {
        NuclearNormProgram program = factors.Program;
        int n = program.GroupCount, rank = factors.Rank;
        ColumnLosses losses = program.Losses(logUnit);
        GroupedMatrix logits = program.CreateMatrix();
        factors.ProvenProduct(logits);
        double[] classifier = RowNorms(n, rank, factors.ClassifierCore), feature = RowNorms(n, rank, factors.FeatureCore);
        double classifierNorm2 = NormAbove(program, factors.ClassifierCore, factors.ClassifierSpread);
        double featureNorm2 = NormAbove(program, factors.FeatureCore, factors.FeatureSpread);
        bool penalised = program.Term is NuclearPenalty;
        double scale = penalised ? 1 : Within(program, classifierNorm2, program.Model.ClassifierBudget, program.Model.BudgetRoundings)
            * Within(program, featureNorm2, program.Model.FeatureBudget, NuclearBall.RoundingsOfFeatureBudget(program.Model));
        double term = penalised ? program.Term.ValueAbove(classifierNorm2, featureNorm2) + BiasAbove(factors) : 0;
        int steps = Steps + (program.Model.Regulariser.FeatureNorm == FeatureNorm.PerSample ? FeatureRootSteps : 0), ownSteps = steps - Steps + OwnSteps;
        double product = scale * Rounding.Gamma(ManagedBackend.ProductDepth(n, n, rank) + steps), step = steps * Rounding.Unit, ownStep = ownSteps * Rounding.Unit;
        for (int g = 0; g < n; g++)
        {
            classifier[g] /= program.Roots[g];
            feature[g] *= product / (program.Roots[g] * program.FeatureRoots[g]);
        }

        logits.Scale(scale);
        double[] shares = new double[n], values = new double[n];
        var weights = new ClassWeights(program);
        foreach ((int h, int group, double classes) in weights.Members)
        {
            shares[h] += classes * weights.OfGroup(group);
        }

        int threads = (long)n * n < ParallelExponentials ? 1 : LinearAlgebraProvider.Backend.Threads;
        if (threads == 1)
        {
            _ = Columns(0, n, new double[3 * n]);
        }
        else
        {
            Parallel.For(0, n, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new double[3 * n], (h, _, work) => Columns(h, h + 1, work), _ => { });
        }

        if (!double.IsFinite(values.Sum()))
        {
            return Array.Exists(values, double.IsNaN) ? double.NaN : double.PositiveInfinity;
        }

        // Σ of a block: as many roundings as it has members at most. Weights that are subnormal, or 0 by underflow, have no relative accuracy.
        double lost = !weights.HasSubnormal ? 0 : logUnit == 0 ? LostToUnderflow : double.PositiveInfinity;
        double sum = Rounding.Up(Rounding.SumOfProducts(shares, values), Rounding.SumError + ClassWeights.Error + 12) + lost;
        double mean = sum / weights.Total * (1 + Rounding.Gamma(4 + (weights.Members.Count - n)));
        return term == 0 ? mean : Rounding.Up(mean + term, 2);

        // Bounds of the losses of one class of each column from the first to the one before the last
        double[] Columns(int first, int end, double[] work)
        {
            Span<double> column = work.AsSpan(0, n), multiplicities = work.AsSpan(n, n), errors = work.AsSpan(2 * n, n);
            program.Sizes.CopyTo(multiplicities);
            for (int h = first; h < end; h++)
            {
                if (shares[h] == 0)
                {
                    continue;
                }

                int row = program.OwnRow(h);
                multiplicities[row] -= 1;
                double own = program.ReadColumn(logits, h, column);
                for (int g = 0; g < n; g++)
                {
                    errors[g] = (classifier[g] * feature[h]) + ((g == row ? ownStep : step) * Math.Abs(column[g]));
                }

                // Where classes of one group meet, a spread is taken from the entry of the core and added to it again.
                double root = program.FeatureRoots[h];
                errors[row] += ownStep * (Math.Abs(own) + (Math.Abs(logits.Spread[h]) / root) + (Math.Abs(logits.Core[row + (h * n)]) / (program.Sizes[h] * root)));
                for (int g = 0; g < factors.Bias.Length; g++)
                {
                    double bias = factors.Bias[g] / program.Roots[g];
                    column[g] += bias;
                    own += g == h ? bias : 0;
                    errors[g] += BiasSteps * Rounding.Unit * (Math.Abs(column[g]) + Math.Abs(bias) + (g == h ? Math.Abs(own) : 0));
                }

                values[h] = losses[h].ValueAbove(own, column, multiplicities, errors[row], errors);
                multiplicities[row] += 1;
            }

            return work;
        }
    }

    // A number not above min(1, √(K·E/‖·‖²))
    private static double Within(NuclearNormProgram program, double norm2, double budget, int roundings)
    {
        double share = norm2 / (program.Model.ClassCount * budget);
        share = roundings == 0 ? share : Rounding.Up(share, roundings);
        return share <= 1 - (4 * Rounding.Unit) ? 1 : Rounding.Down(1 / Math.Sqrt(share), 3);
    }

    // (λ_b/2)·‖b‖², not below
    private static double BiasAbove(GroupedFactors factors) => factors.Program.Bias is not { } bias ? 0
        : Rounding.Up(bias.Penalty / 2 * Rounding.Up(Rounding.SumOfProducts(factors.Bias, factors.Bias), Rounding.SumError), 3);

    // ‖·‖_F², not below
    private static double NormAbove(NuclearNormProgram program, ReadOnlySpan<double> core, ReadOnlySpan<double> spread)
    {
        CompensatedSum sum = default;
        foreach (double entry in core)
        {
            sum.Add(entry * entry);
        }

        for (int g = 0; g < spread.Length; g++)
        {
            sum.Add((program.Sizes[g] - 1) * (spread[g] * spread[g]));
        }

        return Rounding.Up(sum.Value, Rounding.SumError);
    }

    // ‖row g‖, not below
    private static double[] RowNorms(int n, int rank, ReadOnlySpan<double> core)
    {
        var sums = new double[n];
        for (int j = 0; j < rank; j++)
        {
            ReadOnlySpan<double> column = core.Slice(j * n, n);
            TensorPrimitives.MultiplyAdd(column, column, sums, sums);
        }

        return Array.ConvertAll(sums, sum => Rounding.Up(Math.Sqrt(sum), 2) * (1 + Rounding.Gamma(rank)));
    }
}
