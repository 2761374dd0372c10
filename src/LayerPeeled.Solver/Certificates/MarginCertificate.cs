using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// How far a point is from the largest margin, by duality: for multipliers A ≥ 0 of the margins of a <see cref="MaxMarginProgram"/>, B the matrix with ⟨B, Z̃⟩ = Σ
/// A·margin, every Z̃ with margins of at least 1 has ‖Z̃‖_* ≥ Σ A/σ_max(B). A point with ‖W‖·‖H̃‖ ≥ ‖Z̃‖_* and a margin m > 0 has the cost ‖W‖·‖H̃‖/m at margin 1.
/// Immutable.
/// </summary>
public sealed record MarginCertificate
{
    // Roundings of an entry of B, of what the core is made of, and of a sum of two
    private const int EntryRoundings = 12;
    private readonly GroupedMatrix dual = null!;

    private MarginCertificate()
    {
    }

    /// <summary>The smallest margin of the point.</summary>
    public required double Margin { get; init; }

    /// <summary>‖W‖_F·‖H̃‖_F over the margin, rounded up: at least the optimal ‖Z̃‖_*. +∞ where the margin is not positive.</summary>
    public required double PrimalValue { get; init; }

    /// <summary>A number not above the least ‖Z̃‖_* with margins of 1, every rounding after those of ρ and δ allowed for.</summary>
    public required double LowerBound { get; init; }

    /// <summary>Primal value minus lower bound.</summary>
    public double AbsoluteGap => PrimalValue - LowerBound;

    /// <summary>The absolute gap over the primal value; 1 where the margin is not positive.</summary>
    public double RelativeGap => double.IsPositiveInfinity(PrimalValue) ? 1 : AbsoluteGap / PrimalValue;

    /// <summary>B, over the groups, with the multipliers in its entries off the diagonal: −A_ck·(δ over √ρ_k). A copy.</summary>
    public required GroupedMatrix Dual
    {
        get => dual.Clone();
        init => dual = value;
    }

    /// <summary>Whether the relative gap is at most a tolerance.</summary>
    /// <param name="relativeGap">The tolerance.</param>
    public bool Closes(double relativeGap) => RelativeGap <= relativeGap;

    /// <summary>The certificate of a point; a bias is left out.</summary>
    /// <param name="program">The program.</param>
    /// <param name="point">The point: of the same classes, which features count alike.</param>
    /// <exception cref="ArgumentException">Classes or features are others.</exception>
    public static MarginCertificate Of(MaxMarginProgram program, GroupedFactors point)
    {
        ArgumentNullException.ThrowIfNull(program);
        GroupedFactors fitted = program.Fitted(point);
        MaxMarginProgram own = fitted.Program.IsReduced ? program : program.OfClasses();
        GroupedMatrix logits = own.Groups.CreateMatrix();
        fitted.ProvenProduct(logits);
        // An entry of Z̃ is a sum of q + 1 products, and all of its roundings together are (q + 8)·u times the norms of its row and its column, twice over with margin to spare.
        double unit = Rounding.Gamma(2 * (fitted.Rank + 8)), norm = fitted.NuclearNormBound();
        double[] rows = RowNorms(fitted, fitted.ClassifierSpread, fitted.ClassifierCore), columns = RowNorms(fitted, fitted.FeatureSpread, fitted.FeatureCore);
        double least = own.LeastMargin(logits, (g, h) => unit * rows[g] * columns[h]);
        GroupedMatrix dual = Multipliers(program, MaxMarginDual.PolarFactor(program), out double sum);
        return new MarginCertificate
        {
            Margin = own.Margin(logits),
            PrimalValue = least > 0 ? Rounding.Up(norm / least, 8) : double.PositiveInfinity,
            LowerBound = sum / Norm(dual),
            Dual = dual,
        };
    }

    // The norm of a class of each group
    private static double[] RowNorms(GroupedFactors point, ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
    {
        int n = point.Program.GroupCount;
        var norms = new double[n];
        for (int g = 0; g < n; g++)
        {
            double sum = 0, size = point.Program.Sizes[g];
            for (int i = 0; i < point.Rank; i++)
            {
                sum += core[g + (i * n)] * core[g + (i * n)];
            }

            norms[g] = Math.Sqrt((sum / size) + (size == 1 ? 0 : spread[g] * spread[g]));
        }

        return norms;
    }

    // B from the entries off the diagonal of any matrix, those of the wrong sign left out; Σ A, rounded down.
    private static GroupedMatrix Multipliers(MaxMarginProgram program, GroupedMatrix candidate, out double sum)
    {
        NuclearNormProgram groups = program.Groups;
        int n = groups.GroupCount;
        GroupedMatrix dual = groups.CreateMatrix();
        sum = 0;
        for (int h = 0; h < n; h++)
        {
            double size = groups.Sizes[h], root = groups.FeatureRoots[h], multipliers = 0, sibling = 0;
            for (int g = 0; g < n; g++)
            {
                double others = groups.Sizes[g] - (g == h ? 1 : 0), entry = others > 0 ? Math.Min(0, candidate.OffDiagonal(g, h)) : 0;
                multipliers += others * (-entry * root / program.OtherFactor(g, h));
                sibling = g == h ? entry : sibling;
                dual.Core[g + (h * n)] = entry * Math.Sqrt(groups.Sizes[g] * size);
            }

            double own = program.OwnFactor(h) * multipliers / root;
            dual.Spread[h] = size == 1 ? 0 : own - sibling;
            dual.Core[h + (h * n)] = size == 1 ? own : dual.Core[h + (h * n)] + (own - sibling);
            sum += size * multipliers;
        }

        sum *= 1 - Rounding.Gamma((2 * n) + EntryRoundings);
        return dual;
    }

    // A number not below σ_max of the matrix that the computed one stands for: rounding changed its entries by n + 12 units at most.
    private static double Norm(GroupedMatrix dual)
    {
        int n = dual.GroupCount;
        double spread = GroupedSpectrum.LargestSpread(dual), hint = Math.Max(spread, 1);
        VerifiedNorm core = VerifiedNorm.Of(n, dual.Core, hint);
        double change = Rounding.Gamma(n + EntryRoundings);
        return Rounding.Up(Math.Max(core.Norm, spread) + (change * 2 * (core.AbsoluteNorm + spread)), 6);
    }
}
