using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class NuclearNormProgramTests
{
    private const double Roundoff = 1e-12;

    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([9, 4, 9, 4, 9, 2, 0], 1, 2);
    private static readonly LayerPeeledModel PerSample =
        LayerPeeledModel.FromClassCounts([9, 4, 9, 4, 9, 2, 0], new Penalties(0.1, 0.2) { Bias = 0.3 }, loss: SquaredErrorLoss.Instance);
    private static readonly LayerPeeledModel PerSampleCrossEntropy = LayerPeeledModel.FromClassCounts([9, 4, 9, 4, 9, 2, 0], new Penalties(0.1, 0.2) { Bias = 0.3 });

    public static TheoryData<bool> Forms => [false, true];

    public static TheoryData<bool, bool> FormsAndModels => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(FormsAndModels))]
    public void Gradient_AlongALine_LeavesASecondOrderRemainder(bool reduced, bool perSample)
    {
        (NuclearNormProgram program, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced, perSample ? PerSample : Model);
        GroupedMatrix gradient = program.CreateMatrix();
        double value = program.Gradient(point, gradient), slope = gradient.Inner(direction);
        Assert.Equal(program.Value(point), value, Roundoff);
        double[] remainders = Steps.Select(t => Math.Abs(program.Value(point.Plus(t, direction)) - value - (t * slope))).ToArray();
        AssertOrder(2, remainders);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void CurvatureProduct_SquaredError_IsTheChangeOfTheGradient(bool reduced)
    {
        (NuclearNormProgram program, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced, PerSample);
        GroupedMatrix gradient = program.CreateMatrix(), moved = program.CreateMatrix(), product = program.CreateMatrix();
        program.Gradient(point, gradient);
        program.Gradient(point.Plus(1, direction), moved);
        program.CurvatureProduct(gradient, direction, product);
        Assert.True(moved.Plus(-1, gradient).Plus(-1, product).FrobeniusNorm() <= Roundoff * product.FrobeniusNorm());
    }

    [Fact]
    public void Value_FeaturesPerSample_IsThatOfTheColumnsUnscaled()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(PerSample);
        Matrix<double> logits = Matrix<double>.Build.Dense(7, 7, (j, k) => Math.Sin((3 * j) + k)), scaled = logits.Clone();
        double[] counts = [9, 4, 9, 4, 9, 2, 0];
        for (int k = 0; k < 7; k++)
        {
            // ρ_k = n_k·K/N, N = 37
            scaled.SetColumn(k, logits.Column(k) * (counts[k] == 0 ? 1 : Math.Sqrt(counts[k] * 7 / 37)));
        }

        double expected = Enumerable.Range(0, 7).Sum(k => counts[k] / 37 * 0.5 * (logits.Column(k) - Vector<double>.Build.Dense(7, j => j == k ? 1 : 0)).Sum(x => x * x));
        Assertions.Near(expected, program.Value(RandomPoints.OfClasses(program, scaled)), Roundoff);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AddBias_AnyBias_ShiftsEveryColumnOfTheExpandedLogits(bool reduced)
    {
        (NuclearNormProgram program, GroupedMatrix point, _) = Setting(reduced, PerSample);
        int n = program.GroupCount;
        double[] bias = Enumerable.Range(0, n).Select(g => Math.Cos(g) * Math.Sqrt(program.Sizes[g])).ToArray(), slope = new double[n];
        GroupedMatrix shifted = point.Clone(), gradient = program.CreateMatrix();
        program.AddBias(shifted, bias);
        Matrix<double> before = point.Expand(program), after = shifted.Expand(program);
        for (int k = 0; k < 7; k++)
        {
            for (int j = 0; j < 7; j++)
            {
                int g = program.BlockOfClass(j);
                Assert.Equal(before[j, k] + (Math.Cos(g) * program.FeatureRoots[program.BlockOfClass(k)]), after[j, k], Roundoff);
            }
        }

        program.Gradient(shifted, gradient);
        program.BiasGradient(gradient, slope);
        double[] step = Enumerable.Range(0, n).Select(g => Math.Sin(2 * g)).ToArray();
        double expected = Enumerable.Range(0, n).Sum(g => slope[g] * step[g]), value = program.Value(shifted);
        AssertOrder(2, Steps.Select(t =>
        {
            GroupedMatrix moved = shifted.Clone();
            program.AddBias(moved, Array.ConvertAll(step, x => t * x));
            return Math.Abs(program.Value(moved) - value - (t * expected));
        }).ToArray());
    }

    [Theory]
    [MemberData(nameof(FormsAndModels))]
    public void CurvatureProduct_AlongALine_LeavesAThirdOrderRemainderOfTheValue(bool reduced, bool perSample)
    {
        (NuclearNormProgram program, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced, perSample ? PerSampleCrossEntropy : Model);
        GroupedMatrix gradient = program.CreateMatrix(), product = program.CreateMatrix();
        double value = program.Gradient(point, gradient), slope = gradient.Inner(direction);
        program.CurvatureProduct(gradient, direction, product);
        double curvature = product.Inner(direction);
        AssertOrder(3, Steps.Select(t => Math.Abs(program.Value(point.Plus(t, direction)) - value - (t * slope) - (t * t / 2 * curvature))).ToArray());
    }

    [Theory]
    [MemberData(nameof(FormsAndModels))]
    public void CurvatureProduct_AlongALine_LeavesASecondOrderRemainderOfTheGradient(bool reduced, bool perSample)
    {
        (NuclearNormProgram program, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced, perSample ? PerSampleCrossEntropy : Model);
        GroupedMatrix gradient = program.CreateMatrix(), product = program.CreateMatrix(), moved = program.CreateMatrix();
        program.Gradient(point, gradient);
        program.CurvatureProduct(gradient, direction, product);
        AssertOrder(2, Steps.Select(t =>
        {
            program.Gradient(point.Plus(t, direction), moved);
            return moved.Plus(-1, gradient).Plus(-t, product).FrobeniusNorm();
        }).ToArray());
    }

    [Fact]
    public void Gradient_OverGroups_IsTheOneOfTheExpandedMatrix()
    {
        (NuclearNormProgram reduced, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced: true);
        NuclearNormProgram full = NuclearNormProgram.ForClasses(Model);
        GroupedMatrix gradient = reduced.CreateMatrix(), fullGradient = full.CreateMatrix();
        double value = reduced.Gradient(point, gradient);
        double fullValue = full.Gradient(Expand(full, point), fullGradient);
        Assertions.Near(fullValue, value, Roundoff);
        AssertSame(full, fullGradient, gradient);
        GroupedMatrix product = reduced.CreateMatrix(), fullProduct = full.CreateMatrix();
        reduced.CurvatureProduct(gradient, direction, product);
        full.CurvatureProduct(fullGradient, Expand(full, direction), fullProduct);
        AssertSame(full, fullProduct, product);
    }

    [Fact]
    public void GroupedMatrix_InnerProductAndNorms_AreThoseOfTheExpandedMatrix()
    {
        (NuclearNormProgram reduced, GroupedMatrix point, GroupedMatrix direction) = Setting(reduced: true);
        Matrix<double> full = point.Expand(NuclearNormProgram.ForGroups(Model)), other = direction.Expand(NuclearNormProgram.ForGroups(Model));
        Assertions.Near(full.PointwiseMultiply(other).RowSums().Sum(), point.Inner(direction), Roundoff, "inner product");
        Assertions.Near(full.FrobeniusNorm(), point.FrobeniusNorm(), Roundoff, "Frobenius norm");
        Assertions.Near(RandomPoints.NuclearNorm(full), new NuclearNormProjection(reduced.SizesArray).NuclearNorm(point), Roundoff, "nuclear norm");
        int n = reduced.GroupCount;
        double spectral = Math.Max(
            SpectralNorm.UpperBound(n, n, point.Core, 1),
            Enumerable.Range(0, n).Where(g => reduced.Sizes[g] > 1).Max(g => Math.Abs(point.Spread[g])));
        Assertions.Near(full.L2Norm(), spectral, Roundoff, "spectral norm");
        Assert.True(spectral >= full.L2Norm() * (1 - 1e-14));
    }

    [Fact]
    public void CentreColumns_OverGroups_CentresTheExpandedMatrixAndKeepsTheLoss()
    {
        (NuclearNormProgram reduced, GroupedMatrix point, _) = Setting(reduced: true);
        double value = reduced.Value(point);
        point.CentreColumns();
        Assert.True(point.Expand(NuclearNormProgram.ForGroups(Model)).ColumnSums().AbsoluteMaximum() <= Roundoff * point.FrobeniusNorm());
        Assertions.Near(value, reduced.Value(point), Roundoff);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Gradient_ClassWithoutExamples_HasAZeroColumn(bool reduced)
    {
        (NuclearNormProgram program, GroupedMatrix point, _) = Setting(reduced);
        int last = program.GroupCount - 1;
        GroupedMatrix gradient = program.CreateMatrix();
        program.Gradient(point, gradient);
        double value = program.Value(point);
        Assert.Equal(0, program.Weights[last]);
        Assert.All(gradient.Core[^program.GroupCount..], x => Assert.Equal(0, x));
        point.Core[^1] += 100;
        Assert.Equal(value, program.Value(point));
    }

    private static double[] Steps => [1e-1, 1e-2, 1e-3];

    // Remainders that fall by 10^order when the step falls by 10.
    private static void AssertOrder(int order, double[] remainders)
    {
        for (int i = 1; i < remainders.Length; i++)
        {
            Assert.InRange(Math.Log10(remainders[i - 1] / remainders[i]), order - 0.25, order + 0.25);
        }
    }

    private static (NuclearNormProgram Program, GroupedMatrix Point, GroupedMatrix Direction) Setting(bool reduced, LayerPeeledModel? other = null)
    {
        LayerPeeledModel model = other ?? Model;
        NuclearNormProgram program = reduced ? NuclearNormProgram.ForGroups(model) : NuclearNormProgram.ForClasses(model);
        var random = new Random(3);
        return (program, RandomPoints.Draw(program, random, 2), RandomPoints.Draw(program, random));
    }

    private static GroupedMatrix Expand(NuclearNormProgram full, GroupedMatrix grouped) =>
        RandomPoints.OfClasses(full, grouped.Expand(NuclearNormProgram.ForGroups(Model)));

    private static void AssertSame(NuclearNormProgram full, GroupedMatrix expected, GroupedMatrix grouped) =>
        Assert.True(Expand(full, grouped).Plus(-1, expected).FrobeniusNorm() <= Roundoff * expected.FrobeniusNorm());
}
