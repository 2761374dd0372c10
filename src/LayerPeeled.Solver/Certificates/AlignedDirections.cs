using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// The singular directions of Z and the dual points aligned with them:
/// Y = −λU₁V₁ᵀ + [(I − U₁U₁ᵀ)·G·(I − V₁V₁ᵀ) with singular values clipped at λ], which makes the gap second order in the error of Z.
/// </summary>
internal sealed class AlignedDirections
{
    private const int MaximumCandidates = 8;
    private readonly NuclearNormProgram program;
    private readonly GroupedMatrix logits;
    private readonly GroupedSpectrum spectrum;
    private readonly double[] u;
    private readonly double[] values;
    private readonly double[] vt;
    private readonly double top;

    public AlignedDirections(NuclearNormProgram program, GroupedMatrix logits)
    {
        this.program = program;
        this.logits = logits;
        spectrum = GroupedSpectrum.Of(logits);
        (u, vt) = (spectrum.Left, spectrum.Right);
        values = spectrum.Values.ToArray();
        top = spectrum.Largest(logits);
    }

    /// <summary>‖Z‖_*.</summary>
    public double NuclearNorm => spectrum.NuclearNorm(logits);

    /// <summary>
    /// Thresholds below which a singular value of Z counts as zero. Which directions are active is not always clear near a collapse
    /// threshold: cuts at the widest relative drops come first.
    /// </summary>
    public IEnumerable<double> CandidateCuts()
    {
        double[] all = values.Concat(GroupedSpectrum.Spreads(logits)).Where(v => v > 1e-13 * top).OrderDescending().ToArray();
        if (all.Length == 0)
        {
            yield break;
        }

        double floor = 1e-14 * top;
        var drops = new List<(double Drop, double Cut)>();
        for (int i = 0; i < all.Length; i++)
        {
            double next = i + 1 < all.Length ? all[i + 1] : floor;
            if (all[i] < 1e-2 * top || next < 1e-2 * top)
            {
                drops.Add((all[i] / next, Math.Sqrt(all[i] * next)));
            }
        }

        drops.Sort((x, y) => y.Drop.CompareTo(x.Drop));
        for (int i = 0; i < Math.Min(drops.Count, MaximumCandidates); i++)
        {
            yield return drops[i].Cut;
        }
    }

    /// <summary>The aligned dual for one cut, not yet moved into the domain of the conjugate.</summary>
    public GroupedMatrix AlignedDual(GroupedMatrix gradient, double multiplier, double cut)
    {
        int n = program.GroupCount, rank = 0;
        while (rank < n && values[rank] > cut)
        {
            rank++;
        }

        GroupedMatrix dual = gradient.Clone();
        for (int g = 0; g < n; g++)
        {
            double a = logits.Spread[g];
            dual.Spread[g] = program.Sizes[g] == 1 ? 0
                : Math.Abs(a) > cut ? -multiplier * Math.Sign(a)
                : Math.Clamp(gradient.Spread[g], -multiplier, multiplier);
        }

        if (rank == 0)
        {
            Clip(dual.Core, multiplier);
            return dual;
        }

        IDenseBackend blas = LinearAlgebraProvider.Backend;
        double[] inner = new double[MatrixShape.Length(rank, n)];
        // R = (I − U₁U₁ᵀ)G
        blas.Multiply(true, false, rank, n, n, 1, u, n, dual.Core, n, 0, inner, rank);
        blas.Multiply(false, false, n, n, rank, -1, u, n, inner, rank, 1, dual.Core, n);
        // R ← R(I − V₁V₁ᵀ); the rows of vt are the v_i
        double[] outer = new double[MatrixShape.Length(n, rank)];
        blas.Multiply(false, true, n, rank, n, 1, dual.Core, n, vt, n, 0, outer, n);
        blas.Multiply(false, false, n, n, rank, -1, outer, n, vt, n, 1, dual.Core, n);
        Clip(dual.Core, multiplier);
        // − λU₁V₁ᵀ
        blas.Multiply(false, false, n, n, rank, -multiplier, u, n, vt, n, 1, dual.Core, n);
        return dual;
    }

    private void Clip(double[] matrix, double limit)
    {
        int n = program.GroupCount;
        if (TensorPrimitives.Norm<double>(matrix) <= limit || SpectralNorm.UpperBound(n, n, matrix, limit) <= limit)
        {
            return;
        }

        // R − Σ_i (σ_i − λ)₊ u_i v_iᵀ
        double[] left = new double[MatrixShape.Length(n, n)], sigma = new double[n], right = new double[MatrixShape.Length(n, n)];
        LinearAlgebraProvider.Backend.SingularValueDecomposition(n, n, (double[])matrix.Clone(), left, sigma, right);
        int count = 0;
        while (count < n && sigma[count] > limit)
        {
            Span<double> column = left.AsSpan(count * n, n);
            TensorPrimitives.Multiply(column, sigma[count] - limit, column);
            count++;
        }

        LinearAlgebraProvider.Backend.Multiply(false, false, n, n, count, -1, left, n, right, n, 1, matrix, n);
    }
}
