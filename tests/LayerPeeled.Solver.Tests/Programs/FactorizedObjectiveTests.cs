using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class FactorizedObjectiveTests
{
    private const double Roundoff = 1e-12;

    // Of central differences with a step of 1e-5 in a function whose third derivatives are of the order of the logits' size, 1e3
    private const double Truncation = 1e-5;

    private static readonly FactorizedProgram Program = FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts([2, 1, 3], 1, 1, featureDimension: 4));

    // Three classes along a simplex, single examples off by so much that their losses differ by powers of e.
    private static double[] Point(double scale, double noise)
    {
        Matrix<double> frame = SimplexEtf.Frame(3, 4) * Math.Sqrt(scale), features = Matrix<double>.Build.Random(4, 6, 7) * noise;
        int[] classes = [0, 0, 1, 2, 2, 2];
        for (int c = 0; c < 6; c++)
        {
            features.SetColumn(c, features.Column(c) + frame.Row(classes[c]));
        }

        return new FactorizedPoint(frame, features).Values.ToArray();
    }

    // log((1/6)·Σ_c Σ_j exp(z_j − z_own)): log(1 + x) is x for losses this small.
    private static double LogLoss(double[] point)
    {
        FactorizedPoint p = Program.Wrap(point);
        Matrix<double> logits = p.Classifier * p.Features;
        int[] classes = [0, 0, 1, 2, 2, 2];
        double[] terms = Enumerable.Range(0, 6).SelectMany(c => Enumerable.Range(0, 3).Where(j => j != classes[c]).Select(j => logits[j, c] - logits[classes[c], c])).ToArray();
        double largest = terms.Max();
        return largest + Math.Log(terms.Sum(term => Math.Exp(term - largest)) / 6);
    }

    [Theory]
    [InlineData(250, 0)]
    [InlineData(600, 0.05)]
    public void Evaluate_InOwnUnit_LossesBelowDoublesKeepTheirDigits(double scale, double noise)
    {
        double[] point = Point(scale, noise), gradient = new double[point.Length];
        var objective = new FactorizedObjective(Program);
        double value = objective.Evaluate(point, inOwnUnit: true);
        Assert.True(objective.LogUnit < -300);
        Assertions.Near(LogLoss(point), Math.Log(value) + objective.LogUnit, Roundoff, "log f");
        objective.Gradient(point, 1 / value, gradient);
        var random = new Random(1);
        for (int trial = 0; trial < 10; trial++)
        {
            double[] direction = gradient.Select(_ => random.NextDouble() - 0.5).ToArray();
            double Moved(double t) => LogLoss(point.Zip(direction, (x, d) => x + (t * d)).ToArray());
            double slope = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assertions.Within((Moved(1e-5) - Moved(-1e-5)) / 2e-5, slope, Truncation * gradient.Max(Math.Abs), "slope of log f");
        }
    }

    [Fact]
    public void Evaluate_InOwnUnitOfOrdinaryLosses_IsTheSame()
    {
        double[] point = Point(3, 0.5);
        var objective = new FactorizedObjective(Program);
        double plain = objective.Evaluate(point);
        Assert.Equal(plain, objective.Evaluate(point, inOwnUnit: true));
        Assert.Equal(0, objective.LogUnit);
    }
}
