using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// Dual points from the singular value decomposition of the gradient: at an optimum its active singular values all equal λ, so those within
/// τ of λ are set to λ and larger ones cut down to it. Angles are left as they are, which costs the gap only to second order; entries
/// change in proportion to the rows and columns they stand in, so that tiny probabilities stay positive.
/// </summary>
internal sealed class LevelledGradient
{
    private const int MaximumCandidates = 6;
    private const double SmallestTolerance = 1e-9;
    private readonly NuclearNormProgram program;
    private readonly GroupedMatrix gradient;
    private readonly double[] u;
    private readonly double[] values;
    private readonly double[] vt;

    public LevelledGradient(NuclearNormProgram program, GroupedMatrix gradient)
    {
        this.program = program;
        this.gradient = gradient;
        int n = program.GroupCount;
        u = new double[n * n];
        values = new double[n];
        vt = new double[n * n];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(n, n, (double[])gradient.Core.Clone(), u, values, vt);
    }

    /// <summary>
    /// Values of τ worth a try: which singular values count as active is not always clear near a collapse threshold, so the widest relative
    /// jumps of 1 − σ/λ come first.
    /// </summary>
    public IEnumerable<double> CandidateTolerances(double multiplier)
    {
        double[] distances = values.Concat(Spreads()).Where(value => value < multiplier)
            .Select(value => Math.Max(1 - (value / multiplier), SmallestTolerance)).Append(SmallestTolerance).Order().ToArray();
        return Enumerable.Range(0, distances.Length - 1)
            .Where(i => distances[i + 1] > 1.2 * distances[i])
            .OrderByDescending(i => distances[i + 1] / distances[i])
            .Take(MaximumCandidates)
            .Select(i => Math.Sqrt(distances[i] * distances[i + 1]))
            .DefaultIfEmpty(SmallestTolerance);
    }

    /// <summary>Y for one τ: singular values and spreads of at least λ(1 − τ) become λ.</summary>
    public GroupedMatrix Dual(double multiplier, double tolerance)
    {
        int n = program.GroupCount;
        GroupedMatrix dual = gradient.Clone();
        for (int g = 0; g < n; g++)
        {
            dual.Spread[g] = program.Sizes[g] == 1 ? 0 : Level(Math.Abs(gradient.Spread[g])) * Math.Sign(gradient.Spread[g]);
        }

        // Y = G + Σ_i (level(σ_i) − σ_i)·u_i·v_iᵀ over the values that change
        int changed = 0;
        while (changed < n && Level(values[changed]) != values[changed])
        {
            changed++;
        }

        if (changed > 0)
        {
            double[] scaled = new double[n * changed];
            for (int i = 0; i < changed; i++)
            {
                TensorPrimitives.Multiply(u.AsSpan(i * n, n), Level(values[i]) - values[i], scaled.AsSpan(i * n, n));
            }

            LinearAlgebraProvider.Backend.Multiply(false, false, n, n, changed, 1, scaled, n, vt, n, 1, dual.Core, n);
        }

        return dual;

        double Level(double value) => value >= (1 - tolerance) * multiplier ? multiplier : value;
    }

    private IEnumerable<double> Spreads() =>
        Enumerable.Range(0, program.GroupCount).Where(g => program.Sizes[g] > 1).Select(g => Math.Abs(gradient.Spread[g]));
}
