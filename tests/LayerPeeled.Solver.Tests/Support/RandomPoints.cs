using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Random matrices over the groups of a program, and the full matrices they stand for.</summary>
internal static class RandomPoints
{
    public static GroupedMatrix Draw(NuclearNormProgram program, Random random, double scale = 1)
    {
        GroupedMatrix matrix = program.CreateMatrix();
        for (int i = 0; i < matrix.Core.Length; i++)
        {
            matrix.Core[i] = scale * Normal(random);
        }

        for (int g = 0; g < matrix.GroupCount; g++)
        {
            matrix.Spread[g] = program.Sizes[g] > 1 ? scale * Normal(random) : 0;
        }

        return matrix;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static GroupedMatrix Plus(this GroupedMatrix left, double factor, GroupedMatrix right)
    {
        GroupedMatrix sum = left.Clone();
        sum.Add(factor, right);
        return sum;
    }

    public static GroupedMatrix OfClasses(NuclearNormProgram program, Matrix<double> full)
    {
        GroupedMatrix matrix = program.CreateMatrix();
        full.ToColumnMajorArray().CopyTo(matrix.Core, 0);
        return matrix;
    }

    public static double NuclearNorm(Matrix<double> matrix) => matrix.Svd(false).S.Sum();
}
