using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>The dual optimum of the largest margin: the polar factor of the interpolant, whose entries off the diagonal are all negative (docs/relatives.md has the proof).</summary>
internal static class MaxMarginDual
{
    /// <summary>U₁V₁ᵀ of Z̃ = U₁SV₁ᵀ, which leaves out the one direction v that Z̃ has not.</summary>
    public static GroupedMatrix PolarFactor(MaxMarginProgram program)
    {
        GroupedMatrix interpolant = program.Interpolant(), polar = program.Groups.CreateMatrix();
        int n = polar.GroupCount;
        for (int g = 0; g < n; g++)
        {
            polar.Spread[g] = polar.Sizes[g] == 1 ? 0 : 1;
        }

        if (n > 1)
        {
            GroupedSpectrum spectrum = GroupedSpectrum.Of(interpolant);
            LinearAlgebraProvider.Backend.Multiply(false, false, n, n, n - 1, 1, spectrum.Left, n, spectrum.Right, n, 0, polar.Core, n);
        }

        return polar;
    }
}
