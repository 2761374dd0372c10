using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Analysis.Dynamics;

public sealed class StepTimeTests
{
    // Of Gauss's rule with four points on pieces over which φ changes by 1
    private const double Quadrature = 1e-8;

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(0.3, -1e-3)]
    [InlineData(2, -5)]
    [InlineData(2, 5)]
    [InlineData(0.1, -800)]
    public void LogOf_LinearExponent_IsTheClosedForm(double step, double change)
    {
        // h·e^{−φ_0}·(e^{−Δ} − 1)/(−Δ)
        const double First = -700;
        double expected = Math.Log(step) - First + (change == 0 ? 0 : Math.Max(0, -change) + Math.Log((1 - Math.Exp(-Math.Abs(change))) / Math.Abs(change)));
        Assertions.Within(expected, StepTime.LogOf(step, First, change / step, First + change, change / step), Quadrature);
    }

    [Fact]
    public void LogOf_CubicExponent_IsItsIntegral()
    {
        const double Step = 0.7;
        double Phi(double x) => 1 - (6 * x) + (4 * x * x) - (3 * x * x * x);
        double Slope(double x) => -6 + (8 * x) - (9 * x * x);
        const int Cells = 20_000;
        double sum = Enumerable.Range(0, Cells).Sum(i => Math.Exp(-Phi(Step * (i + 0.5) / Cells)));
        Assertions.Within(Math.Log(Step * sum / Cells), StepTime.LogOf(Step, Phi(0), Slope(0), Phi(Step), Slope(Step)), Quadrature);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1e4, -1e4)]
    [InlineData(double.NegativeInfinity, 3)]
    public void LogSum_TwoNumbers_IsTheLogarithmOfTheSum(double a, double b)
    {
        double largest = Math.Max(a, b);
        Assertions.Within(largest + Math.Log(Math.Exp(a - largest) + Math.Exp(b - largest)), StepTime.LogSum(a, b), 1e-12);
        Assert.Equal(StepTime.LogSum(a, b), StepTime.LogSum(b, a));
    }
}
