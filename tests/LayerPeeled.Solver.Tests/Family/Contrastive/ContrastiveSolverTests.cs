using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Family.Contrastive;

public sealed class ContrastiveSolverTests
{
    private const double Roundoff = 1e-12;
    private const double Gap = 1e-10;

    // Cosines move with the root of the gap.
    private const double GeometryTolerance = 1e-5;

    private static readonly ContrastiveDenominator[] Both = Enum.GetValues<ContrastiveDenominator>();

    public static TheoryData<ContrastiveDenominator> Denominators => new(Both);

    public static TheoryData<ContrastiveDenominator, double> Budgets
    {
        get
        {
            var data = new TheoryData<ContrastiveDenominator, double>();
            foreach (ContrastiveDenominator denominator in Both)
            {
                foreach (double budget in new[] { 0.1, 1, 2, 5, 15, 100 })
                {
                    data.Add(denominator, budget);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Denominators))]
    public void Solve_BalancedClasses_IsTheSimplexEtfInClosedForm(ContrastiveDenominator denominator)
    {
        foreach ((int classes, double count, double budget, double temperature) in new[] { (2, 5.0, 1.0, 1.0), (4, 2, 3, 0.5), (10, 100, 1, 0.1), (50, 20, 2, 0.3) })
        {
            ContrastiveModel model = ContrastiveModel.FromClassGroups([new(classes, count)], budget, temperature, denominator);
            ContrastiveSolution solution = Solve(model);
            // ‖h − h'‖²/2 = E_H·K/(K − 1)
            double seen = denominator == ContrastiveDenominator.AllSamples ? 1 : count / (count - 1);
            double expected = Math.Log(1 + ((classes - 1) * seen * Math.Exp(-budget / temperature * classes / (classes - 1))));
            Assertions.Near(expected, solution.Certificate.Excess, 1e-9);
            Assertions.Near(budget, solution.Groups[0].Norm2, Roundoff);
            Assertions.Within(-1.0 / (classes - 1), solution.Groups[0].Cosine, Roundoff);
            Assert.False(solution.Groups[0].Collapsed);
        }
    }

    [Fact]
    public void Certify_RandomPointsOfBalancedClasses_NoneIsBelowTheEtf()
    {
        var random = new Random(2);
        ContrastiveModel model = ContrastiveModel.FromClassGroups([new(5, 7)], 2);
        double optimum = Solve(model).Certificate.Excess;
        for (int trial = 0; trial < 50; trial++)
        {
            ContrastiveCertificate point = ContrastiveCertificate.Certify(model, ContrastiveProgramTests.Feasible(ContrastiveProgramTests.Draw(random, 4, 5), 2));
            Assert.True(point.Excess >= optimum && point.ExcessLowerBound <= optimum);
        }
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void Solve_OverGroupsAndClassByClass_Agree(ContrastiveDenominator denominator, double budget)
    {
        ContrastiveModel model = ContrastiveModel.FromClassGroups([new(4, 100), new(3, 10, LossWeight: 2), new(2, 3)], budget, 1, denominator);
        ContrastiveSolution reduced = Solve(model), full = Solve(model, classByClass: true);
        Assertions.Near(full.Certificate.Excess, reduced.Certificate.Excess, 1e-9);
        Assertions.Near(full.Objective, reduced.Objective, 1e-9);
        for (int g = 0; g < 3; g++)
        {
            Assertions.Within(full.Groups[g].Norm2, reduced.Groups[g].Norm2, GeometryTolerance * budget);
        }

        Assert.True((full.Gram() - reduced.Gram()).FrobeniusNorm() <= GeometryTolerance * full.Gram().FrobeniusNorm());
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void Solve_AnyBudget_CertificateHoldsForItsClassMeans(ContrastiveDenominator denominator, double budget)
    {
        ContrastiveModel model = ContrastiveModel.FromClassCounts([90, 40, 40, 17, 5, 5, 5, 2], budget, 1, denominator);
        ContrastiveSolution solution = Solve(model);
        Matrix<double> means = solution.ClassMeans();
        ContrastiveCertificate again = ContrastiveCertificate.Certify(model, means);
        Assert.True(again.Closes(1e-6), $"relative gap {again.RelativeGap}");
        Assertions.Near(solution.Certificate.Excess, again.Excess, 1e-9);
        Assertions.Within(model.ClassCount * budget, means.FrobeniusNorm() * means.FrobeniusNorm(), 1e-11 * model.ClassCount * budget);
        // K − 1 dimensions are enough
        Assert.True(means.Row(model.ClassCount - 1).L2Norm() <= 1e-5 * means.FrobeniusNorm());
    }

    // Counts of any size and order, classes of one example, anchors without weight, losses of 1e-261
    [Theory]
    [MemberData(nameof(Denominators))]
    public void Solve_ExtremeModels_IsProven(ContrastiveDenominator denominator)
    {
        ContrastiveModel[] models =
        [
            ContrastiveModel.FromClassCounts([5, 500], 300, 1, denominator),
            ContrastiveModel.FromClassCounts([5, 500, 3, 2, 70], 1e-4, 1, denominator),
            ContrastiveModel.FromClassCounts([5e11, 1e12, 3, 2, 70], 5, 1, denominator),
            ContrastiveModel.FromClassCounts([1, 1, 1, 9, 4], 2, 1, denominator),
            ContrastiveModel.FromClassGroups([new(2, 10, 0), new(3, 10), new(1, 4)], 2, 1, denominator),
            ContrastiveModel.FromClassCounts([4, 90, 4, 7, 90, 7, 4, 1], 3, 1, denominator),
        ];
        Assert.All(models, model => Assert.True(ContrastiveCertificate.Certify(model, Solve(model).ClassMeans()).Closes(1e-6)));
    }

    [Theory]
    [MemberData(nameof(Denominators))]
    public void Solve_ByProjectedGradientInTheGramMatrix_IsTheSame(ContrastiveDenominator denominator)
    {
        double[] counts = [30, 30, 8, 4, 2];
        ContrastiveModel model = ContrastiveModel.FromClassCounts(counts, 2, 0.8, denominator);
        ContrastiveSolution solution = Solve(model);
        (double loss, Matrix<double> gram) = GramDescent(counts, 2 * 5, 0.8, denominator);
        Assertions.Near(loss, solution.Objective, 1e-9);
        Assert.True(loss >= solution.Certificate.LowerBound);
        Assert.True((gram - solution.Gram()).FrobeniusNorm() <= 1e-4 * gram.FrobeniusNorm());
    }

    [Theory]
    [MemberData(nameof(Denominators))]
    public void Multiplier_OfABudget_IsTheSlopeOfTheOptimum(ContrastiveDenominator denominator)
    {
        ContrastiveModel Model(double budget) => ContrastiveModel.FromClassGroups([new(3, 60), new(4, 10), new(1, 4)], budget, 1, denominator);
        double step = 1e-4, slope = (Solve(Model(2 - step)).Certificate.Excess - Solve(Model(2 + step)).Certificate.Excess) / (2 * step * 8);
        Assertions.Near(slope, Solve(Model(2)).Certificate.Multiplier, 1e-5);
    }

    // ω_B ≤ λ iff the minority means coincide; both sides of the threshold, which lies between the ratios 9 and 10.
    [Fact]
    public void Collapsed_ByTheLaw_IsWhatTheCosinesSay()
    {
        var seen = new HashSet<bool>();
        foreach (double ratio in new double[] { 2, 4, 6, 7, 8, 9, 10, 14, 20, 100 })
        {
            ContrastiveSolution solution = Solve(ContrastiveModel.FromClassGroups([new(5, 10 * ratio), new(5, 10)], 2));
            ContrastiveGroup minority = solution.Groups[1];
            double distance = double.IsNaN(minority.Cosine) ? 0 : 2 * minority.Norm2 * (1 - minority.Cosine);
            Assert.True(minority.Collapsed == (distance < 1e-4), $"R = {ratio}: ‖h − h'‖² = {distance}, collapsed {minority.Collapsed}");
            Assert.False(solution.Groups[0].Collapsed);
            _ = seen.Add(minority.Collapsed);
        }

        Assert.Equal(2, seen.Count);
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void Certify_PerturbedOptima_BracketsTheOptimumAndCloses(ContrastiveDenominator denominator, double budget)
    {
        var random = new Random(11);
        ContrastiveModel model = ContrastiveModel.FromClassCounts([60, 30, 30, 8, 8, 3], budget, 1, denominator);
        ContrastiveSolution solution = Solve(model);
        (double least, double most) = (solution.Certificate.ExcessLowerBound, solution.Certificate.Excess);
        Matrix<double> means = solution.ClassMeans();
        foreach (double size in new[] { 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6 })
        {
            Matrix<double> noise = ContrastiveProgramTests.Draw(random, 6, 6) * (size * Math.Sqrt(budget));
            ContrastiveCertificate point = ContrastiveCertificate.Certify(model, means + noise);
            Assert.True(point.ExcessLowerBound <= most, $"{size}: {point.ExcessLowerBound} above {most}");
            Assert.True(point.Excess >= least, $"{size}: {point.Excess} below {least}");
            Assert.True(size > 1e-6 || point.RelativeGap < 1e-5 * Math.Max(1, budget), $"{size}: relative gap {point.RelativeGap}");
        }
    }

    [Fact]
    public void Solve_Stopped_ReturnsTheBestPointWithItsBound()
    {
        ContrastiveModel model = ContrastiveModel.FromClassCounts(Enumerable.Range(0, 20).Select(k => Math.Round(300 * Math.Pow(0.8, k))), 5);
        double optimum = Solve(model).Certificate.Excess;
        ContrastiveSolution limited = new ContrastiveSolver(new ContrastiveOptions { MaxIterations = 3 }).Solve(model);
        ContrastiveSolution cancelled = new ContrastiveSolver().Solve(model, null, new CancellationToken(true));
        Assert.Equal((SolverStatus.IterationLimit, 3), (limited.Status, limited.Iterations));
        Assert.Equal((SolverStatus.Cancelled, 0), (cancelled.Status, cancelled.Iterations));
        Assert.All(new[] { limited, cancelled }, s => Assert.True(s.Certificate.Excess >= optimum && s.Certificate.ExcessLowerBound <= optimum));
        ContrastiveSolution late = new ContrastiveSolver(new ContrastiveOptions { TimeLimit = TimeSpan.FromSeconds(20), Clock = new RunningClock() }).Solve(model);
        Assert.Equal(SolverStatus.TimeLimit, late.Status);
        Assert.InRange(late.Iterations, 1, 5);
    }

    private static ContrastiveSolution Solve(ContrastiveModel model, bool classByClass = false)
    {
        ContrastiveSolution solution = new ContrastiveSolver(new ContrastiveOptions { RelativeGapTolerance = Gap, ClassByClass = classByClass }).Solve(model);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, relative gap {solution.Certificate.RelativeGap}");
        return solution;
    }

    // min Σ_k ω_k·log(m_k + Σ_{j≠k} n_j·exp((X_jk − X_kk)/τ)) over X ⪰ 0, tr X ≤ t: accelerated projected gradient with restarts, eigenvalues onto the simplex
    private static (double Loss, Matrix<double> Gram) GramDescent(double[] counts, double trace, double temperature, ContrastiveDenominator denominator)
    {
        int n = counts.Length;
        double missing = denominator == ContrastiveDenominator.AllSamples ? 0 : 1, total = counts.Sum(), step = 1;
        Matrix<double> x = Matrix<double>.Build.DenseIdentity(n) * (trace / n), y = x.Clone();
        (double current, _) = Loss(x);
        for (int iteration = 0, age = 1; iteration < 1500; iteration++, age++)
        {
            (double value, Matrix<double> gradient) = Loss(y);
            Matrix<double> next = Project(y - (gradient * step));
            while (Loss(next).Value > value + Inner(gradient, next - y) + (Inner(next - y, next - y) / (2 * step)) + 1e-15)
            {
                step /= 2;
                next = Project(y - (gradient * step));
            }

            (double reached, _) = Loss(next);
            age = reached > current ? 1 : age;
            y = next + ((next - x) * ((age - 1.0) / (age + 2)));
            (x, current) = (next, reached);
        }

        return (current, x);

        (double Value, Matrix<double> Gradient) Loss(Matrix<double> gram)
        {
            Matrix<double> gradient = Matrix<double>.Build.Dense(n, n);
            double value = 0;
            for (int k = 0; k < n; k++)
            {
                double sum = Enumerable.Range(0, n).Sum(Term);
                value += counts[k] / total * Math.Log(sum);
                for (int j = 0; j < n; j++)
                {
                    double part = j == k ? 0 : counts[k] / total * Term(j) / sum / temperature;
                    gradient[j, k] += part / 2;
                    gradient[k, j] += part / 2;
                    gradient[k, k] -= part;
                }

                double Term(int j) => j == k ? counts[k] - missing : counts[j] * Math.Exp((gram[j, k] - gram[k, k]) / temperature);
            }

            return (value, gradient);
        }

        Matrix<double> Project(Matrix<double> matrix)
        {
            var eigen = ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric);
            double[] values = eigen.EigenValues.Select(v => v.Real).ToArray(), sorted = values.OrderDescending().ToArray();
            double sum = 0, shift = 0;
            for (int i = 0; i < n; i++)
            {
                sum += sorted[i];
                shift = sorted[i] - ((sum - trace) / (i + 1)) > 0 ? (sum - trace) / (i + 1) : shift;
            }

            double threshold = Math.Max(0, shift);
            return eigen.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalArray(Array.ConvertAll(values, v => Math.Max(0, v - threshold))) * eigen.EigenVectors.Transpose();
        }
    }

    private static double Inner(Matrix<double> a, Matrix<double> b) => a.PointwiseMultiply(b).Enumerate().Sum();
}
