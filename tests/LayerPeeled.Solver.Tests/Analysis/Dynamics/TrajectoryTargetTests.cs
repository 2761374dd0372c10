using LayerPeeled.Solver.Analysis.Dynamics;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Dynamics;

public sealed class TrajectoryTargetTests
{
    private const double Roundoff = 1e-12;

    // Tables of five digits
    private const double Printed = 6e-6;

    private static FactorizedProgram Samples(params double[] counts) => FactorizedProgram.SampleLevel(LayerPeeledModel.FromClassCounts(counts, 1, 1));

    [Fact]
    public void MaxMargin_TwoGroups_HasTheClosedFormOfThrampoulidisEtAl()
    {
        // Five classes of ten examples, five of one
        const double R = 10, Size = 5, K = 10;
        double sigma = Math.Sqrt(((R * Size) + Size) / K);
        var target = TrajectoryTarget.MaxMargin(Samples([.. Enumerable.Repeat(R, 5), .. Enumerable.Repeat(1.0, 5)]));
        Check(target.ClassifierGram, Math.Sqrt(R), 1, sigma);
        Check(target.MeanGram, 1 / Math.Sqrt(R), 1, 1 / sigma);
        Matrix<double> w = target.ClassifierGram, h = target.MeanGram;
        Assertions.Within(2.6721, w[0, 0] / w[9, 9], 5e-5);
        Assertions.Within(-0.14395, Cosine(w, 0, 1), Printed);
        Assertions.Within(0.03337, Cosine(w, 8, 9), Printed);
        Assertions.Within(-0.13868, Cosine(w, 0, 9), Printed);
        Assertions.Within(0.35083, h[0, 0] / h[9, 9], Printed);
        Assertions.Within(-0.06970, Cosine(h, 0, 1), Printed);
        Assertions.Within(-0.18675, Cosine(h, 8, 9), Printed);
        Assertions.Within(-0.08543, Cosine(h, 0, 9), Printed);

        static void Check(Matrix<double> gram, double a, double b, double sigma)
        {
            double scale = gram[0, 9] / (-sigma / K);
            Assertions.Near((a * (1 - (1 / Size))) + (sigma / K), gram[0, 0] / scale, Roundoff);
            Assertions.Near((b * (1 - (1 / Size))) + (sigma / K), gram[9, 9] / scale, Roundoff);
            Assertions.Near((-a / Size) + (sigma / K), gram[0, 1] / scale, Roundoff);
            Assertions.Within((-b / Size) + (sigma / K), gram[8, 9] / scale, Roundoff);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void MaxMargin_Balanced_IsTheSimplexEtf(int count)
    {
        var target = TrajectoryTarget.MaxMargin(Samples(Enumerable.Repeat((double)count, 6).ToArray()));
        Matrix<double> frame = SimplexEtf.Frame(6, 6), gram = frame.TransposeAndMultiply(frame);
        gram *= 1 / gram.FrobeniusNorm();
        Assertions.Within(0, (target.ClassifierGram - gram).FrobeniusNorm(), Roundoff);
        Assertions.Within(0, (target.MeanGram - gram).FrobeniusNorm(), Roundoff);
        Assertions.Near(0.1 / Math.Sqrt(count), target.NormalisedMargin, Roundoff);
    }

    [Fact]
    public void MaxMargin_AnyCounts_ClosesTheGapOfItsDual()
    {
        // ‖Z̃‖_* ≥ ⟨Y, Z̃⟩ for σ_max(Y) ≤ 1, and with Y = UVᵀ, whose columns add up to zero, ⟨Y, Z·diag(√n)⟩ = Σ_k √n_k Σ_j −Y_jk·(z_kk − z_jk), at least
        // Σ_k √n_k Σ_{j≠k} −Y_jk where every Y_jk ≤ 0 and every margin is at least 1.
        var random = new Random(2);
        for (int trial = 0; trial < 20; trial++)
        {
            int k = random.Next(2, 9);
            double[] counts = Enumerable.Range(0, k).Select(_ => (double)random.Next(1, 200)).ToArray();
            Matrix<double> z = Matrix<double>.Build.Dense(k, k, (j, c) => ((j == c ? 1 : 0) - (1.0 / k)) * Math.Sqrt(counts[c]));
            var svd = z.Svd();
            Matrix<double> y = svd.U.SubMatrix(0, k, 0, k - 1) * svd.VT.SubMatrix(0, k - 1, 0, k);
            double bound = 0;
            for (int c = 0; c < k; c++)
            {
                Assertions.Within(0, y.Column(c).Sum(), Roundoff);
                for (int j = 0; j < k; j++)
                {
                    Assert.True(j == c || y[j, c] <= Roundoff);
                    bound += j == c ? 0 : -y[j, c] * Math.Sqrt(counts[c]);
                }
            }

            var target = TrajectoryTarget.MaxMargin(Samples(counts));
            Assertions.Near(0.5 / bound, target.NormalisedMargin, Roundoff);
            Assertions.Near(0.5 / svd.S.Sum(), target.NormalisedMargin, Roundoff);
        }
    }

    [Fact]
    public void Of_Solution_HasItsGramMatrices()
    {
        var solution = new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups([new(2, 9), new(3, 1)], 1, 5));
        var target = TrajectoryTarget.Of(solution);
        Matrix<double> gram = solution.Classifier.TransposeAndMultiply(solution.Classifier);
        Assertions.Within(0, (target.ClassifierGram - (gram / gram.FrobeniusNorm())).FrobeniusNorm(), Roundoff);
        Assert.True(double.IsNaN(target.NormalisedMargin));
    }

    [Fact]
    public void Constructor_CallersMistakes_AreNamed()
    {
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(3);
        Assert.Throws<ArgumentException>("meanGram", () => new TrajectoryTarget(identity, Matrix<double>.Build.DenseIdentity(4)));
        Assert.Throws<ArgumentException>("classifierGram", () => new TrajectoryTarget(identity * 0, identity));
        Assert.Throws<ArgumentException>("meanGram", () => new TrajectoryTarget(identity, identity * double.NaN));
        Assert.Throws<ArgumentException>("program", () => TrajectoryTarget.MaxMargin(Samples(3, 0, 2)));
        Assert.Throws<ArgumentException>(
            "program", () => TrajectoryTarget.MaxMargin(FactorizedProgram.ClassMeans(LayerPeeledModel.FromClassGroups([new(5, 1)], 1, 1, featureDimension: 3))));
    }

    private static double Cosine(Matrix<double> gram, int j, int k) => gram[j, k] / Math.Sqrt(gram[j, j] * gram[k, k]);
}
