using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Solvers.LowRank;

public sealed class LowRankRunTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3);

    [Fact]
    public void Iterate_AfterTheFirstSteps_AllocatesNothing()
    {
        var options = new LowRankOptions { NewtonThreshold = 1e-3 };
        var run = new LowRankRun(NuclearNormProgram.ForClasses(Model), options, null, new IterationControl(options, CancellationToken.None));
        var control = new IterationControl(options, CancellationToken.None);
        while (run.Stationarity > 1e-6)
        {
            run.Iterate(control);
        }

        // Both phases have run once, and so has the first step: from here on the buffers exist.
        run = new LowRankRun(NuclearNormProgram.ForClasses(Model), options, null, new IterationControl(options, CancellationToken.None));
        run.Iterate(control);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            run.Iterate(control);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(run.Stationarity < 0.5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CurvatureProduct_AtAnyPoint_IsTheDerivativeOfTheGradientAlongTangents(bool reduced)
    {
        NuclearNormProgram program = reduced ? NuclearNormProgram.ForGroups(Model) : NuclearNormProgram.ForClasses(Model);
        var objective = new FactorObjective(program, program.GroupCount - 1);
        double[] point = objective.Random(3);
        double[] slope = new double[point.Length], product = new double[point.Length], plus = new double[point.Length], minus = new double[point.Length];
        const double step = 1e-5;
        // φ ignores the norms of the halves and the product is that of the tangent part: compare along a second tangent, seen through ⟨d, H·e⟩.
        double[] other = TangentPart(objective.Random(5)), along = TangentPart(objective.Random(4));
        objective.Evaluate(Moved(step), plus);
        objective.Evaluate(Moved(-step), minus);
        objective.Evaluate(point, slope);
        objective.CurvatureProduct(slope, along, product);
        double expected = Enumerable.Range(0, point.Length).Sum(i => other[i] * (plus[i] - minus[i]) / (2 * step));
        double actual = Enumerable.Range(0, point.Length).Sum(i => other[i] * product[i]);
        Assertions.Near(expected, actual, 1e-6);

        double[] Moved(double t) => point.Select((x, i) => x + (t * along[i])).ToArray();

        double[] TangentPart(double[] d)
        {
            // Orthogonal to both halves of the point in the scaled metric D², in which the spheres live.
            double[] squared = objective.MetricWeights();
            double[] tangent = (double[])d.Clone();
            foreach ((int start, int end) in new[] { (0, point.Length / 2), (point.Length / 2, point.Length) })
            {
                double inner = 0, norm = 0;
                for (int i = start; i < end; i++)
                {
                    inner += squared[i] * point[i] * d[i];
                    norm += squared[i] * point[i] * point[i];
                }

                for (int i = start; i < end; i++)
                {
                    tangent[i] -= inner / norm * point[i];
                }
            }

            return tangent;
        }
    }

    [Fact]
    public void Evaluate_Gradient_HasATaylorRemainderOfSecondOrder()
    {
        var objective = new FactorObjective(NuclearNormProgram.ForGroups(Model), 3);
        double[] point = objective.Random(3), direction = objective.Random(4), slope = new double[point.Length], unused = new double[point.Length];
        double value = objective.Evaluate(point, slope), along = point.Select((_, i) => slope[i] * direction[i]).Sum();
        double[] remainders = new[] { 1e-2, 1e-3, 1e-4 }.Select(t =>
            Math.Abs(objective.Evaluate(point.Select((x, i) => x + (t * direction[i])).ToArray(), unused) - value - (t * along))).ToArray();
        Assert.InRange(Math.Log10(remainders[0] / remainders[1]), 1.8, 2.2);
        Assert.InRange(Math.Log10(remainders[1] / remainders[2]), 1.8, 2.2);
    }
}
