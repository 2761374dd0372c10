using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>A feasible point Z with its loss and gradient, against which dual points are weighed.</summary>
internal sealed class DualEvaluation
{
    private readonly NuclearNormProgram program;
    private readonly Func<GroupedMatrix, double> innerWithLogits;
    private readonly GroupedMatrix? allLogits;
    private readonly GroupedMatrix gradient;
    private readonly double value;
    private readonly double term;
    private readonly double[] bias;
    private readonly double excess;
    private readonly double logUnit;
    private readonly ColumnLosses losses;

    /// <param name="program">The program.</param>
    /// <param name="logits">Z, in the ball if there is one; without the bias.</param>
    /// <param name="gradient">∇f at Z and the bias, in units of u.</param>
    /// <param name="value">f, in units of u.</param>
    /// <param name="term">What the spectral term costs at the point.</param>
    /// <param name="bias">β, empty if there is none.</param>
    /// <param name="excess">Factor by which the point had to be scaled back into the ball.</param>
    /// <param name="logUnit">log u.</param>
    public DualEvaluation(
        NuclearNormProgram program, GroupedMatrix logits, GroupedMatrix gradient, double value, double term, double[] bias, double excess, double logUnit = 0)
        : this(program, logits.Inner, gradient, value, term, bias, excess, logUnit)
    {
        allLogits = logits;
        if (program.Model.Loss.NeedsLogits && bias.Length > 0)
        {
            allLogits = logits.Clone();
            program.AddBias(allLogits, bias);
        }
    }

    /// <summary>The same for a point whose logits are not written out.</summary>
    /// <param name="program">The program, of a loss that does not need them.</param>
    /// <param name="innerWithLogits">⟨·, Z⟩.</param>
    /// <param name="gradient">As above, and so are the others.</param>
    /// <param name="value">f.</param>
    /// <param name="term">The spectral term.</param>
    /// <param name="bias">β.</param>
    /// <param name="excess">The factor.</param>
    /// <param name="logUnit">log u.</param>
    public DualEvaluation(
        NuclearNormProgram program, Func<GroupedMatrix, double> innerWithLogits, GroupedMatrix gradient, double value, double term, double[] bias, double excess, double logUnit)
    {
        this.program = program;
        this.innerWithLogits = innerWithLogits;
        this.gradient = gradient;
        this.value = value;
        this.term = term;
        this.bias = bias;
        this.excess = excess;
        this.logUnit = logUnit;
        losses = program.Losses(logUnit);
        Multiplier = program.Term.Multiplier(innerWithLogits(gradient));
    }

    /// <summary>λ, −⟨∇f(Z), Z⟩/r for the ball, in units of u.</summary>
    public double Multiplier { get; }

    /// <summary>The objective of the point, in units of u.</summary>
    public double Objective => value + term + (program.Bias?.Value(bias) ?? 0);

    /// <summary>The certificate that a dual proposal gives, after it was moved into the domain of the conjugate.</summary>
    /// <param name="dual">Y; changed where it has to be.</param>
    /// <param name="kind">How it was made.</param>
    /// <param name="limit">A gap that has to be beaten.</param>
    /// <returns>Null when the limit is not beaten.</returns>
    public DualityCertificate? Certificate(GroupedMatrix dual, DualKind kind, double limit = double.PositiveInfinity)
    {
        MakeFeasible(dual);
        double remainder = Remainder(dual);
        if (!(remainder < limit))
        {
            return null;
        }

        int n = program.GroupCount;
        double core = n > LeadingSingularValues.LargestFull && program.HasTargets
            ? LeadingSingularValues.Of(n, dual.Core, [], 1).Largest
            : SpectralNorm.UpperBound(n, n, dual.Core, Multiplier);
        double sigma = Math.Max(core, GroupedSpectrum.LargestSpread(dual));
        double gap = Gap(dual, remainder, sigma);
        return gap < limit ? Certificate(dual, kind, sigma, gap) : null;
    }

    /// <summary>
    /// The certificate of Y = ∇f(Z) with the Frobenius norm in the place of σ_max, which it bounds: loose, but there is nothing in it that could fail.
    /// </summary>
    public DualityCertificate WithoutDecomposition()
    {
        GroupedMatrix dual = gradient.Clone();
        MakeFeasible(dual);
        double sigma = dual.FrobeniusNorm() * (1 + 1e-12);
        double gap = Gap(dual, Remainder(dual), sigma);
        return Certificate(dual, DualKind.Gradient, sigma, double.IsNaN(gap) ? double.PositiveInfinity : gap);
    }

    private double Gap(GroupedMatrix dual, double remainder, double sigma)
    {
        double misfit = program.Bias?.Misfit(dual, bias, Upper) ?? 0;
        return Math.Max(0, remainder + innerWithLogits(dual) + term + Support(sigma) + misfit) + Allowance(sigma);
    }

    // What the optimum does not exceed, for a loss that bounds it from below.
    private double Upper => program.Model.Loss.IsNonNegative ? Objective : double.PositiveInfinity;

    private double Support(double sigma) => program.Term.DualSupport(sigma, Upper);

    // Rounding of the sums: a few units in the last place of their largest terms.
    private double Allowance(double sigma) => 4e-16 * (Math.Max(term, Support(sigma)) + Math.Abs(value));

    /// <summary>What is left without a dual point in the domain of the conjugate.</summary>
    public DualityCertificate WithoutDual() => Certificate(program.CreateMatrix(), DualKind.None, 0, double.PositiveInfinity);

    private DualityCertificate Certificate(GroupedMatrix dual, DualKind kind, double sigma, double gap) => new DualityCertificate
    {
        LogUnit = logUnit,
        Primal = Objective,
        Lambda = Multiplier,
        Sigma = sigma,
        Allowance = Allowance(sigma),
        Kind = kind,
        ConstraintViolation = excess - 1,
        BudgetRatio = program.Term.Balance,
        Dual = dual,
    }.WithGap(gap, isNonNegative: false);

    // Moves each column of a dual into the domain of the conjugate L*.
    private void MakeFeasible(GroupedMatrix dual)
    {
        int n = program.GroupCount;
        double[] rented = ArrayPool<double>.Shared.Rent(2 * n);
        Span<double> column = rented.AsSpan(0, n), multiplicities = rented.AsSpan(n, n);
        program.Sizes.CopyTo(multiplicities);
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                dual.Core.AsSpan(h * n, n).Clear();
                dual.Spread[h] = 0;
                continue;
            }

            int row = program.OwnRow(h);
            multiplicities[row] -= 1;
            double own = program.ReadGradient(dual, h, column);
            losses[h].RepairDual(multiplicities, ref own, column);
            program.WriteColumn(dual, h, own, column);
            multiplicities[row] += 1;
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    // Σ_h K_h·ω_h·(Fenchel–Young remainder of column h)
    private double Remainder(GroupedMatrix dual)
    {
        int n = program.GroupCount;
        double[] rented = ArrayPool<double>.Shared.Rent(4 * n);
        Span<double> slope = rented.AsSpan(0, n), column = rented.AsSpan(n, n), multiplicities = rented.AsSpan(2 * n, n), point = rented.AsSpan(3 * n, n);
        program.Sizes.CopyTo(multiplicities);
        double remainder = 0;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] != 0)
            {
                int row = program.OwnRow(h);
                multiplicities[row] -= 1;
                double own = program.ReadGradient(gradient, h, slope);
                double ownDual = program.ReadGradient(dual, h, column);
                double rest = program.Model.Loss.NeedsLogits
                    ? losses[h].FenchelYoung(program.ReadColumn(allLogits!, h, point), point, own, slope, multiplicities, ownDual, column)
                    : losses[h].FenchelYoung(own, slope, multiplicities, ownDual, column);
                remainder += program.Sizes[h] * program.Weights[h] * rest;
                multiplicities[row] += 1;
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return remainder;
    }
}
