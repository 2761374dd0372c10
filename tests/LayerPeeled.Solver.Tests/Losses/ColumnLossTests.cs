using System.Runtime.Intrinsics;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Losses;

public sealed unsafe class ColumnLossTests
{
    private const double Roundoff = 3e-14;

    // The least normal number: below it there are fewer digits.
    private const double Smallest = 2.3e-308;

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(2, 8, 3)]
    [InlineData(3, 4, 700)]
    [InlineData(10, 68, 5)]
    [InlineData(11, 12, 1e4)]
    [InlineData(100, 16, 40)]
    public void Gradients_ManyExamples_AreThoseOfEach(int classes, int columns, double size)
    {
        var random = new Random(classes);
        int ld = columns + 3;
        var logits = new AlignedArray(classes * ld);
        for (int i = 0; i < logits.Length; i++)
        {
            logits.Span[i] = size * ((2 * random.NextDouble()) - 1);
        }

        // the first four have one class, then each its own
        int[] own = Enumerable.Range(0, columns).Select(c => c < 4 ? classes - 1 : c % classes).ToArray();
        double[] before = logits.Span.ToArray();
        (double[] losses, double[] plain) = (new double[columns], new double[columns]);
        fixed (double* target = losses)
        {
            ((IColumnLoss)CrossEntropyLoss.Instance).Gradients(classes, columns, own, logits.Pointer, ld, target);
        }

        var expected = new AlignedArray(logits.Length);
        before.CopyTo(expected.Span);
        fixed (double* target = plain)
        {
            new ColumnLoss(_ => CrossEntropyLoss.Instance).Gradients(classes, columns, own, expected.Pointer, ld, target);
        }

        // differences of logits have the rounding of logits
        double tolerance = Roundoff + (4e-16 * size);
        for (int i = 0; i < logits.Length; i++)
        {
            AssertClose(expected.Span[i], logits.Span[i], tolerance, $"derivative {i / ld} of example {i % ld}");
        }

        for (int c = 0; c < columns; c++)
        {
            AssertClose(plain[c], losses[c], tolerance, $"loss of example {c}");
        }
    }

    [Fact]
    public void Gradients_OneExample_CallsTheLossWithTheOthers()
    {
        double[] z = [0.3, 1.2, -0.7, 2, 0.3, -1, 0, 5, 0.1, 0.2, 0.3, 0.4], losses = new double[4], others = new double[2];
        double first = CrossEntropyLoss.Instance.Gradient(1.2, [0.3, -0.7], [1, 1], out double own, others);
        foreach (IColumnLoss loss in new[] { new ColumnLoss(_ => CrossEntropyLoss.Instance), ColumnLoss.Of(CrossEntropyLoss.Instance, _ => CrossEntropyLoss.Instance) })
        {
            // column 1 of a 3×4 matrix holds 0.3, 1.2 and −0.7
            double[] logits = [9, 0.3, 1, 1, 9, 1.2, 1, 1, 9, -0.7, 1, 1];
            fixed (double* pointer = logits, values = losses)
            {
                loss.Gradients(3, 4, [0, 1, 0, 2], pointer, 4, values);
            }

            Assertions.Near(first, losses[1], Roundoff);
            Assertions.Near(others[0], logits[1], Roundoff);
            Assertions.Near(own, logits[5], Roundoff);
            Assertions.Near(others[1], logits[9], Roundoff);
        }

        Assert.Same(CrossEntropyLoss.Instance, ColumnLoss.Of(CrossEntropyLoss.Instance, _ => CrossEntropyLoss.Instance));
    }

    [Fact]
    public void Gradients_HugeLogits_DoNotOverflow()
    {
        double[] logits = [1e300, -1e300, 800, 0, -1e300, 1e300, 0, 800], losses = new double[4];
        fixed (double* pointer = logits, values = losses)
        {
            ((IColumnLoss)CrossEntropyLoss.Instance).Gradients(2, 4, [0, 0, 0, 0], pointer, 4, values);
        }

        Assert.Equal([0, 2e300, 0, 800], losses);
        Assert.Equal([0, -1, 0, -1, 0, 1, 0, 1], logits);
    }

    [Fact]
    public void Gradients_NotANumber_SpoilsItsExampleAlone()
    {
        double[] logits = [0, 0, double.NaN, 0, 1, 2, 1, double.PositiveInfinity], losses = new double[4];
        fixed (double* pointer = logits, values = losses)
        {
            ((IColumnLoss)CrossEntropyLoss.Instance).Gradients(2, 4, [0, 0, 1, 0], pointer, 4, values);
        }

        Assert.Equal([false, false, true, true], losses.Select(double.IsNaN));
        Assertions.Near(Math.Log(1 + Math.E), losses[0], Roundoff);
    }

    [Fact]
    public void Exp_NegativeNumbers_IsExactToTwoUlps()
    {
        for (double x = 0; x > -708; x -= 0.0317)
        {
            Assertions.Near(Math.Exp(x), Elementary.Exp(Vector256.Create(x))[1], 5e-16, $"exp {x}");
        }

        // subnormal numbers are multiples of ε
        for (double x = -708; x > -750; x -= 0.171)
        {
            Assertions.Within(Math.Exp(x), Elementary.Exp(Vector256.Create(x))[2], 2 * double.Epsilon + (4e-16 * Math.Exp(x)), $"exp {x}");
        }

        Assert.Equal(0, Elementary.Exp(Vector256.Create(double.NegativeInfinity))[0]);
        Assert.Equal(0, Elementary.Exp(Vector256.Create(-1e300))[0]);
        Assert.Equal(1, Elementary.Exp(Vector256.Create(0.0))[0]);
        Assert.True(double.IsNaN(Elementary.Exp(Vector256.Create(double.NaN))[3]));
    }

    [Fact]
    public void Log_NumbersFromOne_IsExactToTwoUlps()
    {
        for (double x = 1 + 1e-12; x < 1e300; x = 1 + ((x - 1) * 1.07))
        {
            Assertions.Near(Math.Log(x), Elementary.Log(Vector256.Create(x))[1], 5e-16, $"log {x}");
        }

        Assert.Equal(0, Elementary.Log(Vector256.Create(1.0))[0]);
        Assert.True(double.IsNaN(Elementary.Log(Vector256.Create(double.NaN))[3]));
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assertions.Within(expected, actual, Smallest + (tolerance * Math.Abs(expected)), what);
}
