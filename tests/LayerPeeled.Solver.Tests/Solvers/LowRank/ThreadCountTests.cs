using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class ThreadCountTests
{
    // Large enough for the columns and the stored vectors to be shared out.
    private const int Classes = 320;
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts(Enumerable.Range(1, Classes).Select(k => (double)k), 1, 5);

    [Fact]
    public void Gradient_OneAndSeveralThreads_AgreesToTheLastBit()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(Model);
        GroupedMatrix logits = program.CreateMatrix(), one = program.CreateMatrix(), several = program.CreateMatrix();
        for (int i = 0; i < logits.Core.Length; i++)
        {
            logits.Core[i] = Math.Sin(i);
        }

        double value = OnOneThread(() => program.Gradient(logits, one));
        Assert.Equal(value, program.Gradient(logits, several));
        Assert.Equal(one.Core, several.Core);
    }

    [Fact]
    public void LimitedMemory_OneAndSeveralThreads_GivesTheSameDirectionToTheLastBit() =>
        Assert.Equal(OnOneThread(Direction), Direction());

    private static double[] Direction()
    {
        const int Dimension = 200_001;
        double[] Vector(int seed) => Enumerable.Range(0, Dimension).Select(i => Math.Sin((double)i * seed)).ToArray();
        var memory = new LimitedMemory(Dimension, 3);
        double[] point = Vector(1), gradient = Vector(2);
        for (int step = 0; step < 4; step++)
        {
            double[] nextPoint = point.Zip(Vector(3 + step), (x, d) => x + (0.1 * d)).ToArray();
            double[] nextGradient = gradient.Zip(Vector(3 + step), (g, d) => g + (0.2 * d)).ToArray();
            memory.Add(nextPoint, point, nextGradient, gradient);
            (point, gradient) = (nextPoint, nextGradient);
        }

        var direction = new double[Dimension];
        Assert.True(memory.Direction(gradient, direction));
        return direction;
    }

    private static T OnOneThread<T>(Func<T> compute)
    {
        using (LinearAlgebraProvider.LimitThreads(1))
        {
            return compute();
        }
    }
}
