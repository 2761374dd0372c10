using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>What may be changed in a model without changing its optimum. Numbers are changed by powers of 2, which round nothing: no tolerances.</summary>
public sealed class InvarianceTests
{
    // Of angles and norms, relative to their size, where the gap has closed
    private const double Geometry = 1e-6;
    private const double Roundoff = 1e-12;

    [Fact]
    public void Solve_ClassesInAnotherOrder_HasTheSameOptimumInThatOrder() => Property.Holds(Draw.Any, drawn =>
    {
        var random = new Random(drawn.Seed);
        (double Count, double Weight)[] classes = [.. drawn.Groups.SelectMany(g => Enumerable.Repeat((g.Count, g.LossWeight), g.Classes))];
        int[] order = [.. Enumerable.Range(0, classes.Length)];
        random.Shuffle(order);
        ISolver solver = random.Next(2) == 0 ? new AutomaticSolver() : new LowRankSolver();
        LayerPeeledSolution first = solver.Solve(OfClasses(drawn, classes)), second = solver.Solve(OfClasses(drawn, Array.ConvertAll(order, k => classes[k])));
        Intervals.Meet(first.Certificate, second.Certificate);
        if (IsOneGeometry(first) && IsOneGeometry(second))
        {
            SameGrams(first, second, (matrix, k, j) => matrix[order[k], order[j]]);
        }
    }, 30, m => m.Simpler());

    [Fact]
    public void Solve_GroupsInAnotherOrder_HasTheSameOptimum() => Property.Holds(Draw.Any, drawn =>
    {
        ClassGroup[] groups = [.. drawn.Groups];
        new Random(drawn.Seed).Shuffle(groups);
        Intervals.Meet(Solve(drawn).Certificate, Solve(drawn with { Groups = groups }).Certificate);
    }, 30, m => m.Simpler());

    [Fact]
    public void Solve_AllCountsTimesANumber_HasTheSameOptimum() => Property.Holds(Draw.Any, drawn =>
    {
        // LDAM alone asks how many examples there are; penalties per sample grow with them.
        double factor = Factor(drawn);
        Regulariser regulariser = drawn.Regulariser is Penalties { FeatureNorm: FeatureNorm.PerSample } penalties ? penalties with { Feature = penalties.Feature / factor } : drawn.Regulariser;
        RandomModel scaled = drawn with { Groups = [.. drawn.Groups.Select(g => g with { Count = g.Count * factor })], Regulariser = regulariser };
        if (!drawn.Loss.StartsWith("ldam", StringComparison.Ordinal))
        {
            Intervals.Meet(Solve(drawn).Certificate, Solve(scaled).Certificate);
        }
    }, 30, m => m.Simpler());

    [Fact]
    public void Solve_AllWeightsTimesANumber_HasTheSameOptimum() => Property.Holds(Draw.Any, drawn =>
    {
        RandomModel scaled = drawn with { Groups = [.. drawn.Groups.Select(g => g with { LossWeight = g.LossWeight * Factor(drawn) })] };
        Intervals.Meet(Solve(drawn).Certificate, Solve(scaled).Certificate);
    }, 30, m => m.Simpler());

    [Fact]
    public void Solve_StrengthMovedFromClassifiersToFeatures_ChangesTheirSizesAlone() => Property.Holds(Draw.Any, drawn =>
    {
        double factor = Factor(drawn);
        Regulariser moved = drawn.Regulariser switch
        {
            Budgets b => b with { Classifier = b.Classifier * factor, Feature = b.Feature / factor },
            Penalties p => p with { Classifier = p.Classifier / factor, Feature = p.Feature * factor },
            _ => throw new InvalidOperationException(),
        };
        LayerPeeledSolution first = Solve(drawn), second = Solve(drawn with { Regulariser = moved });
        Intervals.Meet(first.Certificate, second.Certificate);
        if (IsOneGeometry(first) && IsOneGeometry(second))
        {
            SameGrams(first, second, (matrix, k, j) => matrix[k, j], factor);
        }
    }, 30, m => m.Simpler());

    // n examples with weight w, and 2n examples with weight w/2: the same loss weight, but another group
    [Fact]
    public void Solve_GroupSplitInTwo_HasTheSameOptimum() => Property.Holds(Draw.CrossEntropy, drawn =>
    {
        var random = new Random(drawn.Seed);
        ClassGroup[] split = [.. drawn.Groups.SelectMany(g => Split(g, random.Next(1, g.Classes + 1)))];
        LayerPeeledSolution first = Solve(drawn), second = new ReducedSolver().Solve((drawn with { Groups = split }).Model);
        Intervals.Meet(first.Certificate, second.Certificate);
        if (IsOneGeometry(first) && IsOneGeometry(second))
        {
            SameGrams(first, second, (matrix, k, j) => matrix[k, j]);
        }
    }, 30, m => m.Simpler());

    [Fact]
    public void Certify_PointRotatedInFeatureSpace_HasTheSameLossAndBounds() => Property.Holds(Draw.Any, drawn =>
    {
        LayerPeeledModel model = drawn.Model;
        var random = new Random(drawn.Seed);
        LayerPeeledSolution solution = new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = Math.Pow(10, -random.Next(1, 10)) }).Solve(model);
        Matrix<double> q = RandomRotation(solution.Classifier.ColumnCount, random);
        DualityCertificate still = DualityGap.Certify(model, solution.Classifier, solution.ClassMeans, solution.Bias);
        DualityCertificate turned = DualityGap.Certify(model, solution.Classifier * q, q.Transpose() * solution.ClassMeans, solution.Bias);
        Assertions.Near(still.PrimalValue, turned.PrimalValue, Roundoff * (1 + LogitSize(solution)), "objective");
        Intervals.Meet(still, turned);
    }, 30, m => m.Simpler());

    internal static Matrix<double> RandomRotation(int dimension, Random random) =>
        Matrix<double>.Build.Dense(dimension, dimension, (_, _) => RandomPoints.Normal(random)).QR().Q;

    private static double LogitSize(LayerPeeledSolution solution) => solution.Logits().Enumerate().Max(Math.Abs);

    private static double Factor(RandomModel drawn) => Math.Pow(4, new Random(drawn.Seed).Next(-6, 7));

    private static IEnumerable<ClassGroup> Split(ClassGroup group, int classes) => classes == group.Classes
        ? [group] : [group with { Classes = classes }, new(group.Classes - classes, 2 * group.Count, group.LossWeight / 2)];

    private static LayerPeeledModel OfClasses(RandomModel drawn, (double Count, double Weight)[] classes) =>
        LayerPeeledModel.FromClassCounts(classes.Select(c => c.Count), drawn.Regulariser, classes.Select(c => c.Weight), drawn.Dimension, drawn.Model.Loss);

    private static LayerPeeledSolution Solve(RandomModel drawn) => new AutomaticSolver().Solve(drawn.Model);

    // Cross-entropy is strictly convex, but for shifts of the columns, which an optimum does not have.
    private static bool IsOneGeometry(LayerPeeledSolution solution) =>
        solution is { Status: SolverStatus.Optimal, Model.Loss.Name: "cross-entropy", GeometryError: <= 1e-8 } && solution.Model.Groups.All(g => g.EffectiveCount > 0);

    private static void SameGrams(LayerPeeledSolution first, LayerPeeledSolution second, Func<Matrix<double>, int, int, double> entry, double factor = 1)
    {
        foreach ((Matrix<double> one, Matrix<double> other, double scale) in new[]
        {
            (first.ClassifierGram(), second.ClassifierGram(), factor), (first.FeatureGram(), second.FeatureGram(), 1 / factor),
        })
        {
            double size = one.Enumerate().Max(Math.Abs);
            for (int k = 0; k < one.RowCount; k++)
            {
                for (int j = 0; j < one.RowCount; j++)
                {
                    Assertions.Within(entry(one, k, j), other[k, j] / scale, Geometry * size, $"⟨{k}, {j}⟩");
                }
            }
        }
    }
}
