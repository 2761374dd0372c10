using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

/// <summary>Certificates of soft targets with so many contexts that the logits are not held beside their gradient.</summary>
public sealed class TargetCertificateTests
{
    private const int Tokens = 40;
    private const int Contexts = 75;
    private static readonly SoftTargetModel Model = new(SoftTargets.From(SoftTargetCases.RandomCounts(Tokens, Contexts, 1)), 2, 1);
    private static readonly NuclearNormProgram Program = NuclearNormProgram.ForClasses(new SoftTargetProgram(Model, merge: false).Square);
    private static readonly SoftTargetSolution Optimum = new SoftTargetSolver().Solve(Model);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Certify_RandomPoints_BracketsTheOptimumAndHasTheValueOfThePoint(bool decompose)
    {
        Assert.True(Program.HasTargets && Program.GroupCount > DualSearch.LargestAlignment);
        var random = new Random(3);
        for (int run = 0; run < 20; run++)
        {
            double size = Math.Pow(10, -3 * random.NextDouble());
            (Matrix<double> w, Matrix<double> h) = Within(Random(Tokens, Tokens, size, random), Random(Tokens, Contexts, size, random));
            DualityCertificate certificate = Certify(w, h, decompose);
            Assertions.Near(TargetExcess.Of(Model.Targets, w, h).Value, certificate.PrimalValue, 1e-10);
            Assert.InRange(certificate.LowerBound, 0, Optimum.ExcessUpperBound);
            Assert.True(certificate.IsProof && certificate.PrimalUpperBound >= Optimum.ExcessLowerBound);
            Assert.Equal(0, certificate.ConstraintViolation, 1e-12);
        }
    }

    [Fact]
    public void Certify_TheOptimum_ClosesTheGap()
    {
        DualityCertificate certificate = Certify(Optimum.Classifier, Optimum.Features, decompose: true), loose = Certify(Optimum.Classifier, Optimum.Features, decompose: false);
        Assert.InRange(certificate.RelativeGap, 0, 1e-6);
        Assert.True(loose.LowerBound <= certificate.LowerBound && loose.LowerBound < 0.99 * certificate.PrimalValue, "a norm that is far above the largest singular value");
    }

    // Logits that differ by a number in each context have one loss.
    [Fact]
    public void Certify_ClassifiersMovedTogether_IsTheSameButForWhatTheirNormsCost()
    {
        Matrix<double> moved = Optimum.Classifier + Matrix<double>.Build.Dense(Optimum.Classifier.RowCount, Optimum.Classifier.ColumnCount, (_, i) => i == 0 ? 0.7 : 0);
        (Matrix<double> w, Matrix<double> h) = Within(moved, Optimum.Features);
        DualityCertificate certificate = Certify(w, h, decompose: true);
        Assertions.Near(TargetExcess.Of(Model.Targets, w, h).Value, certificate.PrimalValue, 1e-9);
    }

    [Fact]
    public void Certify_PointOutsideTheBudgets_IsScaledBackAndSaysByHowMuch()
    {
        DualityCertificate within = Certify(Optimum.Classifier, Optimum.Features, decompose: true), outside = Certify(3 * Optimum.Classifier, Optimum.Features, decompose: true);
        Assertions.Near(within.PrimalValue, outside.PrimalValue, 1e-6);
        Assert.Equal(2, outside.ConstraintViolation, 1e-3);
        Assert.InRange(outside.RelativeGap, 0, 1e-6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Certify_EntryThatIsNotFinite_Throws(double bad)
    {
        Matrix<double> w = Optimum.Classifier.Clone(), h = Optimum.Features.Clone();
        w[3, 2] = bad;
        h[1, 70] = bad;
        Assert.Throws<ArgumentException>(() => Certify(w, Optimum.Features, decompose: true));
        Assert.Throws<ArgumentException>(() => Certify(Optimum.Classifier, h, decompose: false));
    }

    private static DualityCertificate Certify(Matrix<double> classifier, Matrix<double> features, bool decompose)
    {
        // Rows that are no tokens
        Matrix<double> all = Matrix<double>.Build.Dense(Contexts, classifier.ColumnCount);
        all.SetSubMatrix(0, 0, classifier);
        var factors = GroupedFactors.OfClasses(Program, all, features);
        return decompose ? DualityGap.Certify(factors) : DualityGap.WithoutDecomposition(factors);
    }

    private static (Matrix<double> Classifier, Matrix<double> Features) Within(Matrix<double> w, Matrix<double> h) =>
        (w * Math.Min(1, Math.Sqrt(Tokens * Model.ClassifierBudget) / w.FrobeniusNorm()), h * Math.Min(1, Math.Sqrt(Contexts * Model.FeatureBudget) / h.FrobeniusNorm()));

    private static Matrix<double> Random(int rows, int columns, double size, Random random) => Matrix<double>.Build.Dense(rows, columns, (_, _) => size * RandomPoints.Normal(random));
}
