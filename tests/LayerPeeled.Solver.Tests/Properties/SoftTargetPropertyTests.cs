using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>The properties of classes, of soft targets.</summary>
public sealed class SoftTargetPropertyTests
{
    // Of the entropy floor, which the excess is over and which is summed in another order
    private const double Roundoff = 1e-13;
    private const double Geometry = 1e-5;
    private const double SmallExcess = 1e-6;

    [Fact]
    public void Solve_TokensAndContextsInAnotherOrder_HasTheSameOptimumInThatOrder() => Property.Holds(RandomTargets.All, drawn =>
    {
        var random = new Random(drawn.Seed);
        int[] tokens = [.. Enumerable.Range(0, drawn.Tokens)], contexts = [.. Enumerable.Range(0, drawn.Contexts)];
        random.Shuffle(tokens);
        random.Shuffle(contexts);
        SoftTargetSolution first = Solve(drawn), second = Solve(drawn.InOrder(tokens, contexts));
        Meet(first, second);
        if (first.GeometryError < 1e-8 && second.GeometryError < 1e-8 && !first.BudgetsAreSlack)
        {
            Matrix<double> one = first.ClassifierGram(), other = second.ClassifierGram();
            double size = one.Enumerate().Max(Math.Abs);
            Assert.All(from i in tokens.Index() from j in tokens.Index() select Math.Abs(one[i.Item, j.Item] - other[i.Index, j.Index]), e => Assert.InRange(e, 0, Geometry * size));
        }
    }, 30);

    [Fact]
    public void Solve_AllWeightsTimesANumber_HasTheSameOptimum() => Property.Holds(RandomTargets.All, drawn =>
        Meet(Solve(drawn), Solve(drawn with { Weights = Array.ConvertAll(drawn.Weights, w => w * 1024) })), 20);

    [Fact]
    public void Solve_BudgetMovedFromTokensToContexts_HasTheSameOptimum() => Property.Holds(RandomTargets.All, drawn =>
        Meet(Solve(drawn), Solve(drawn with { Classifier = drawn.Classifier * 64, Feature = drawn.Feature / 64 })), 20);

    [Fact]
    public void Solve_LargerBudget_IsNotLarger() => Property.Holds(RandomTargets.All, drawn =>
    {
        var random = new Random(drawn.Seed);
        double factor = 1 + Math.Pow(10, (4 * random.NextDouble()) - 3);
        NotAbove(Solve(random.Next(2) == 0 ? drawn with { Classifier = drawn.Classifier * factor } : drawn with { Feature = drawn.Feature * factor }), Solve(drawn));
    }, 30);

    [Fact]
    public void Solve_EveryMethod_BoundsThePointsOfAllOthers() => Property.Holds(RandomTargets.All, drawn =>
    {
        SoftTargetSolution[] solutions =
        [
            .. Methods().Select(method => new SoftTargetSolver(method).Solve(drawn.Model)),
            new SoftTargetSolver(symmetry: TargetSymmetry.None).Solve(drawn.Model),
        ];
        Assert.All(solutions, s =>
        {
            Assert.True(s.ExcessLowerBound <= s.ExcessUpperBound && s.Objective >= drawn.Targets.EntropyFloor * (1 - Roundoff), $"{s.Method}: {s.ExcessLowerBound:R} … {s.ExcessUpperBound:R}");
            Assert.True(s.Status != SolverStatus.NumericalError || s.Excess <= SmallExcess * (1 + s.Model.Targets.EntropyFloor), $"{s.Method}: {s.Status}, {s.Reason}");
        });
        // Of an excess that is next to nothing the bounds may stay apart.
        SoftTargetSolution best = solutions[0];
        Assert.True(
            best.Status == SolverStatus.Optimal || best.Excess <= SmallExcess * (1 + best.Model.Targets.EntropyFloor) || best.ExcessUpperBound - best.ExcessLowerBound <= Roundoff * (1 + best.Model.Targets.EntropyFloor),
            $"auto: {best.Status}, gap {best.RelativeGap:g3} of {best.Excess:g3}");
        foreach (SoftTargetSolution bound in solutions)
        {
            Assert.All(solutions, point => NotAbove(bound, point));
        }
    }, 20);

    // t_k = e_k, or (1 − ε)·e_k + ε/K: the model of classes with cross-entropy or smoothed labels
    [Fact]
    public void Solve_TargetsOfClasses_HasTheOptimumOfTheClasses() => Property.Holds(RandomTargets.All, drawn =>
    {
        int classes = Math.Max(2, drawn.Contexts);
        double[] counts = [.. Enumerable.Range(0, classes).Select(k => drawn.Weights[k % drawn.Contexts] * (1 + k))];
        double smoothing = drawn.Seed % 2 == 0 ? 0 : Math.Round(0.1 + (0.5 * new Random(drawn.Seed).NextDouble()), 3);
        Matrix<double> targets = Matrix<double>.Build.Dense(classes, classes, (j, k) => (j == k ? 1 - smoothing : 0) + (smoothing / classes));
        // Smoothed labels have a least loss, which budgets have to stay away from.
        double budget = smoothing == 0 ? drawn.Classifier : Math.Min(0.05, drawn.Classifier);
        SoftTargetSolution soft = new SoftTargetSolver().Solve(new SoftTargetModel(SoftTargets.From(SparseColumns.FromDense(targets), counts), budget, 1));
        LayerPeeledSolution hard = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts(counts, budget, 1, loss: smoothing == 0 ? null : new LabelSmoothingLoss(smoothing))).EnsureOptimal();
        double floor = soft.Model.Targets.EntropyFloor, roundoff = Roundoff * (1 + floor);
        Assert.True(floor + soft.ExcessLowerBound <= hard.Certificate.PrimalUpperBound + roundoff, $"{floor + soft.ExcessLowerBound:R} above {hard.Certificate.PrimalUpperBound:R}");
        Assert.True(hard.Certificate.LowerBound <= floor + soft.ExcessUpperBound + roundoff, $"{hard.Certificate.LowerBound:R} above {floor + soft.ExcessUpperBound:R}");
    }, 30);

    private static ISolver[] Methods() =>
    [
        new AutomaticSolver(),
        new ReducedSolver(new LowRankOptions { MaxIterations = 2000 }),
        new LowRankSolver(new LowRankOptions { MaxIterations = 2000 }),
        new NuclearNormSolver(new NuclearNormOptions { MaxIterations = 2000, RelativeGapTolerance = 1e-6 }),
        new FrankWolfeSolver(new FrankWolfeOptions { MaxIterations = 200, RelativeGapTolerance = 1e-5 }),
        new SemidefiniteSolver(new SemidefiniteOptions { MaxIterations = 500, RelativeGapTolerance = 1e-5 }),
        new ProjectedGradientSolver(new ProjectedGradientOptions { MaxIterations = 500, RelativeGapTolerance = 1e-5 }),
    ];

    private static SoftTargetSolution Solve(RandomTargets drawn) => new SoftTargetSolver().Solve(drawn.Model);

    private static void Meet(SoftTargetSolution first, SoftTargetSolution second)
    {
        NotAbove(first, second);
        NotAbove(second, first);
    }

    private static void NotAbove(SoftTargetSolution first, SoftTargetSolution second) => Assert.True(
        first.ExcessLowerBound <= second.ExcessUpperBound + (first.IsProof && second.IsProof ? 0 : Roundoff * (1 + first.Model.Targets.EntropyFloor)),
        FormattableString.Invariant($"{first.Method}: lower bound {first.ExcessLowerBound:R} of the excess above {second.ExcessUpperBound:R} of {second.Method}"));
}
