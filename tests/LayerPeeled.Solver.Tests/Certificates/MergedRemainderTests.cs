using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

public sealed class MergedRemainderTests
{
    /// <summary>Rounding of a singular value decomposition of order 12.</summary>
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.9)]
    [InlineData(3, 0.999)]
    [InlineData(4, 0.0)]
    public void Normaliser_RandomBlocks_KeepsTheSpectralNormOfTheScaledDual(int seed, double spread)
    {
        // Two blocks of six classes, written out class by class: Y with the spread in question, then with its columns scaled.
        var random = new Random(seed);
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(6, 10), new(6, 3)], 1, 5);
        NuclearNormProgram program = NuclearNormProgram.ForGroups(model);
        GroupedMatrix dual = program.CreateMatrix();
        for (int i = 0; i < 4; i++)
        {
            dual.Core[i] = random.NextDouble() - 0.5;
        }

        double core = Matrix<double>.Build.Dense(2, 2, (double[])dual.Core.Clone()).L2Norm();
        (dual.Spread[0], dual.Spread[1]) = (spread * core, -spread * core);
        Matrix<double> full = dual.Expand(program);
        double sigma = full.L2Norm();
        Assert.InRange(sigma, core * (1 - Rounding), core * (1 + Rounding));
        double largest = 0;
        for (int trial = 0; trial < 50; trial++)
        {
            Matrix<double> scaled = full.Clone();
            for (int block = 0; block < 2; block++)
            {
                double[] d = Enumerable.Range(0, 6).Select(_ => Math.Exp(random.NextDouble())).ToArray();
                double c = MergedRemainder.Normaliser([1, 1, 1, 1, 1, 1], d, spread);
                Assert.InRange(c, 0.999 / d.Max(), 1 / d.Min());
                for (int k = 0; k < 6; k++)
                {
                    int column = (6 * block) + k;
                    scaled.SetColumn(column, scaled.Column(column) * (c * d[k]));
                }
            }

            largest = Math.Max(largest, scaled.L2Norm() / sigma);
        }

        Assert.True(largest <= 1 + Rounding, $"{largest}");
        Assert.True(largest > 0.97, $"{largest}: no more is given away than has to be");
    }
}
