using LayerPeeled.Solver.Family.DeepFeatures;
using LayerPeeled.Solver.Family.Descent;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Family.Descent;

public sealed class ProjectedDescentTests
{
    private static readonly DeepFeaturesOptions Options = new() { StationarityTolerance = 1e-12 };

    [Fact]
    public void Run_BoundedQuadratic_HoldsVariablesAtZero()
    {
        // ½·Σ c_i·(x_i − t_i)² + 1, the last three not negative
        double[] target = [1, -2, 3, -4, 0.5], scale = [1, 100, 3, 0.1, 7];
        double Evaluate(double[] x, double[] gradient)
        {
            double sum = 1;
            for (int i = 0; i < x.Length; i++)
            {
                gradient[i] = scale[i] * (x[i] - target[i]);
                sum += 0.5 * gradient[i] * (x[i] - target[i]);
            }

            return sum;
        }

        DescentOutcome outcome = new ProjectedDescent([5, 5, -1, 5, 5], Evaluate, firstBounded: 2).Run(Options, new IterationControl(Options, default));
        Assert.Equal(SolverStatus.Stationary, outcome.Status);
        Assert.All(new[] { 1, -2, 3, 0, 0.5 }.Zip(outcome.Point), pair => Assertions.Within(pair.First, pair.Second, 1e-9));
        Assertions.Near(1 + (0.5 * 0.1 * 16), outcome.Value, 1e-14);
    }

    [Fact]
    public void Run_Rosenbrock_ReachesTheMinimum()
    {
        static double Evaluate(double[] x, double[] gradient)
        {
            double across = x[1] - (x[0] * x[0]);
            gradient[0] = (-400 * x[0] * across) - (2 * (1 - x[0]));
            gradient[1] = 200 * across;
            return (100 * across * across) + ((1 - x[0]) * (1 - x[0])) + 1;
        }

        DescentOutcome outcome = new ProjectedDescent([-1.2, 1], Evaluate).Run(Options, new IterationControl(Options, default));
        Assertions.Within(1, outcome.Point[0], 1e-6);
        Assertions.Within(1, outcome.Value, 1e-14);
        DescentOutcome bounded = new ProjectedDescent([1.2, 1], (x, gradient) =>
        {
            // The same with x_0 ≤ ½, as ½ − x_0 ≥ 0
            double value = Evaluate([0.5 - x[1], x[0]], gradient);
            (gradient[0], gradient[1]) = (gradient[1], -gradient[0]);
            return value;
        }, firstBounded: 1).Run(Options, new IterationControl(Options, default));
        Assertions.Within(0.25, bounded.Point[0], 1e-8);
        Assertions.Near(1.25, bounded.Value, 1e-12);
        Assert.Equal(0, bounded.Point[1]);
    }

    [Fact]
    public void Run_NotFinite_IsANumericalError()
    {
        DescentOutcome outcome = new ProjectedDescent([1.0], (_, gradient) => gradient[0] = double.NaN).Run(Options, new IterationControl(Options, default));
        Assert.Equal(SolverStatus.NumericalError, outcome.Status);
    }
}
