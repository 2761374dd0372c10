using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Solvers.Targets;

public sealed class TargetSymmetryTests
{
    private const double ReferenceObjective = 1e-10;
    private const double ReferenceGram = 2e-5;
    private const double ReferenceMultiplier = 1e-7;
    private const double SolverTolerance = 1e-9;
    private const double GeometryTolerance = 1e-6;

    [Theory]
    [InlineData("cyclic7", 7)]
    [InlineData("pairs5", 2)]
    public void Solve_ReferenceCase_IsItOverOrbits(string name, int pairs)
    {
        SoftTargetCase expected = SoftTargetCases.All[name];
        TargetSymmetry given = TargetSymmetry.Generated(name == "cyclic7" ? [TargetPermutation.Step(7)] : SymmetricTargets.OnPairs(5));
        foreach (TargetSymmetry symmetry in new[] { given, TargetSymmetry.Automatic })
        {
            SoftTargetSolution solution = new SoftTargetSolver(null, symmetry).Solve(expected.Model).EnsureOptimal();
            Assert.True(solution.IsProof);
            Assert.Equal("orbits", solution.Method);
            Assert.Equal(new TargetOrbits(1, 1, pairs), solution.Symmetry);
            Assertions.Near(expected.Objective, solution.Objective, ReferenceObjective, "objective");
            Assertions.Near(expected.Multiplier, solution.Multiplier, ReferenceMultiplier, "λ");
            Assert.InRange((solution.ClassifierGram() - expected.Gram).Enumerate().Max(Math.Abs), 0, ReferenceGram);
        }
    }

    [Fact]
    public void Solve_AllPairsOfTokens_IsASimplexEtf()
    {
        SoftTargetSolution solution = new SoftTargetSolver(null, TargetSymmetry.Generated(SymmetricTargets.OnPairs(5))).Solve(SoftTargetCases.All["pairs5"].Model).EnsureOptimal();
        Assert.True(FrameCheck.Of(solution.Classifier).IsSimplexEtf(1e-12));
    }

    // Twelve months, each like its neighbours in both directions: seven numbers, against the n numbers of the Fourier transform and against matrices
    [Fact]
    public void Solve_Months_AgreeInEveryWay()
    {
        SoftTargets targets = SymmetricTargets.Of(Matrix<double>.Build.Dense(12, 12, (i, j) => Math.Exp(-1.3 * Math.Min((i - j + 12) % 12, (j - i + 12) % 12))), null);
        var model = new SoftTargetModel(targets, 1, 2);
        SoftTargetSolution matrices = new SoftTargetSolver(null, TargetSymmetry.None).Solve(model).EnsureOptimal();
        SoftTargetSolution found = new SoftTargetSolver().Solve(model).EnsureOptimal();
        SoftTargetSolution dihedral = new SoftTargetSolver(null, TargetSymmetry.Generated(SymmetricTargets.Dihedral(12))).Solve(model).EnsureOptimal();
        SoftTargetSolution cyclic = new SoftTargetSolver(null, TargetSymmetry.Cyclic).Solve(model).EnsureOptimal();
        Assert.Null(matrices.Symmetry);
        Assert.Equal(new TargetOrbits(1, 1, 7), found.Symmetry);
        Assert.Equal(new TargetOrbits(1, 1, 7), dihedral.Symmetry);
        Assert.Equal(("cyclic", new TargetOrbits(1, 1, 12)), (cyclic.Method, cyclic.Symmetry));
        foreach (SoftTargetSolution solution in new[] { found, dihedral, cyclic })
        {
            Assertions.Near(matrices.Excess, solution.Excess, SolverTolerance, "excess");
            Assert.InRange((matrices.Logits() - solution.Logits()).FrobeniusNorm() / matrices.Logits().FrobeniusNorm(), 0, 1e-3);
        }

        Assert.InRange(FrameCheck.Of(found.Classifier).CirculantDistance, 0, 1e-12);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Solve_RandomSymmetricTargets_ReducedIsFull(int seed)
    {
        SymmetricTargets symmetric = seed switch
        {
            0 => SymmetricTargets.Random("dihedral", SymmetricTargets.Dihedral(11), seed),
            1 => SymmetricTargets.Random("quaternions", SymmetricTargets.Quaternions(), seed, zeros: 0),
            2 => SymmetricTargets.Random("pairs", SymmetricTargets.OnPairs(6), seed),
            3 => SymmetricTargets.Random("cyclic", [TargetPermutation.Step(16)], seed),
            4 => SymmetricTargets.Random("few contexts", [SymmetricTargets.Cycles([6, 6, 6, 3], [3, 1], seed)], seed),
            5 => SymmetricTargets.Random("few tokens", [SymmetricTargets.Cycles([3, 1], [6, 6, 6, 3], seed)], seed),
            _ => SymmetricTargets.Random("cycles", [SymmetricTargets.Cycles([6, 3, 2, 4], [4, 6, 2, 1], seed)], seed),
        };
        var model = new SoftTargetModel(symmetric.Targets, 1, seed == 2 ? 0.01 : 0.5 + (0.3 * seed));
        SoftTargetSolution full = new SoftTargetSolver(new ReducedSolver()).Solve(model).EnsureOptimal();
        Assert.False(full.BudgetsAreSlack);
        foreach (TargetSymmetry symmetry in new[] { symmetric.Symmetry, TargetSymmetry.Automatic })
        {
            SoftTargetSolution reduced = new SoftTargetSolver(null, symmetry).Solve(model).EnsureOptimal();
            Assertions.Near(full.Excess, reduced.Excess, SolverTolerance, $"excess of {symmetric}");
            Assertions.Near(full.Multiplier, reduced.Multiplier, GeometryTolerance, "λ");
            Assert.True(reduced.ExcessLowerBound <= full.ExcessUpperBound && full.ExcessLowerBound <= reduced.ExcessUpperBound);
            Assert.InRange(
                (full.Logits() - reduced.Logits()).FrobeniusNorm() / full.Logits().FrobeniusNorm(), 0, Math.Max(GeometryTolerance, full.GeometryError + reduced.GeometryError));
            Assert.Equal(symmetry != TargetSymmetry.Automatic || reduced.Method == "orbits", reduced.Symmetry is not null);
        }
    }

    [Fact]
    public void Solve_ClassesBeyondOrbits_AreThoseOfTheMatrices()
    {
        var model = new SoftTargetModel(SymmetricTargets.LatinSquare(), 1, 0.05);
        SoftTargetSolution found = new SoftTargetSolver().Solve(model).EnsureOptimal(), full = new SoftTargetSolver(null, TargetSymmetry.None).Solve(model).EnsureOptimal();
        Assert.Equal(new TargetOrbits(1, 1, 3), found.Symmetry);
        Assertions.Near(full.Excess, found.Excess, SolverTolerance, "excess");
        Assertions.Near(full.Multiplier, found.Multiplier, GeometryTolerance, "λ");
    }

    // 12 topics of 5 words: equal classes in blocks, at weights that differ
    [Fact]
    public void Solve_WordsOfTopics_HasOneNumberForEachPairOfTopics()
    {
        var random = new Random(4);
        double[,] between = new double[12, 12];
        for (int i = 0; i < 144; i++)
        {
            between[i / 12, i % 12] = random.Next(1, 20) * (random.Next(3) == 0 ? 1 : 0.1);
        }

        SoftTargets targets = SymmetricTargets.Of(Matrix<double>.Build.Dense(60, 60, (j, c) => between[j / 5, c / 5] + (j == c ? 50 + (20 * (j / 5)) : 0)), null);
        var model = new SoftTargetModel(targets, 1, 3);
        SoftTargetSolution found = new SoftTargetSolver().Solve(model).EnsureOptimal(), full = new SoftTargetSolver(null, TargetSymmetry.None).Solve(model).EnsureOptimal();
        Assert.Equal(new TargetOrbits(12, 12, 144 + 12), found.Symmetry);
        Assertions.Near(full.Excess, found.Excess, SolverTolerance, "excess");
        Assert.True(found.IsProof);
        Assert.InRange((full.ClassifierGram() - found.ClassifierGram()).FrobeniusNorm() / full.ClassifierGram().FrobeniusNorm(), 0, GeometryTolerance);
    }

    [Fact]
    public void Solve_PermutationThatIsNoSymmetry_IsRefusedByItsFirstEntry()
    {
        SoftTargetModel days = SoftTargetCases.All["cyclic7"].Model;
        int[] identity = [0, 1, 2, 3, 4, 5, 6], step = [1, 2, 3, 4, 5, 6, 0];
        Assert.Contains("Generator 2 is no symmetry: it takes token 0 in context 0, target 0.62, to token 1 in context 0, target 0.16.", Refusal(new(step, step), new(step, identity)), StringComparison.Ordinal);
        Assert.Contains("permutes 6 tokens and 7 contexts; the targets have 7 and 7", Refusal(new TargetPermutation(identity[..6], identity)), StringComparison.Ordinal);
        Assert.Contains("are not cyclic", Assert.Throws<ArgumentException>(() => new SoftTargetSolver(null, TargetSymmetry.Cyclic).Solve(SoftTargetCases.All["pairs5"].Model)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SoftTargetSolver(new ReducedSolver(), TargetSymmetry.Cyclic));

        string Refusal(params TargetPermutation[] generators) =>
            Assert.Throws<ArgumentException>(() => new SoftTargetSolver(null, TargetSymmetry.Generated(generators)).Solve(days)).Message;
    }

    [Fact]
    public void Require_ZeroThatBecomesATargetOrAnotherWeight_IsNamed()
    {
        SoftTargets zero = SymmetricTargets.Of(Matrix<double>.Build.DenseOfArray(new[,] { { 0.5, 0 }, { 0.5, 1 } }), null);
        TargetPermutation swap = TargetPermutation.OfCycles(2, [[0, 1]], 2, [[0, 1]]), contexts = TargetPermutation.OfCycles(2, [], 2, [[0, 1]]);
        Assert.Contains("takes token 0 in context 0, target 0.5, to token 0 in context 1, target 0.", Message(zero, contexts), StringComparison.Ordinal);
        SoftTargets weighted = SymmetricTargets.Of(Matrix<double>.Build.DenseOfArray(new[,] { { 0.7, 0.3 }, { 0.3, 0.7 } }), [1, 3]);
        Assert.Contains("takes context 0 of weight 0.25 to context 1 of weight 0.75", Message(weighted, swap), StringComparison.Ordinal);
        SoftTargets never = SymmetricTargets.Of(Matrix<double>.Build.DenseOfArray(new[,] { { 0.7, 0.3 }, { 0.3, 0.7 } }), [1, 0]);
        Assert.Contains("to context 1 of weight 0", Message(never, swap), StringComparison.Ordinal);

        string Message(SoftTargets targets, TargetPermutation generator) => Assert.Throws<ArgumentException>(() => TargetSymmetry.Generated([generator]).Require(targets)).Message;
    }

    [Theory]
    [InlineData(new[] { 0, 0 }, "The image of token 1 is 0")]
    [InlineData(new[] { 0, 2 }, "The image of token 1 is 2")]
    public void TargetPermutation_NoPermutation_IsRefused(int[] images, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new TargetPermutation(images, [0, 1])).Message, StringComparison.Ordinal);

    [Fact]
    public void OfCycles_TwiceOrOutOfRange_IsRefused()
    {
        Assert.Contains("Token 1 is in the cycles twice", Assert.Throws<ArgumentException>(() => TargetPermutation.OfCycles(3, [[0, 1], [1, 2]], 1, [])).Message, StringComparison.Ordinal);
        Assert.Contains("Context 3 is in a cycle", Assert.Throws<ArgumentException>(() => TargetPermutation.OfCycles(3, [], 3, [[0, 3]])).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 0, 3], TargetPermutation.OfCycles(4, [[0, 1, 2]], 1, []).Tokens.ToArray());
    }

    [Fact]
    public void Solve_StoppedEarly_SaysSoAndIsCertified()
    {
        var model = new SoftTargetModel(SymmetricTargets.LatinSquare(), 1, 0.05);
        SoftTargetSolution cancelled = new SoftTargetSolver().Solve(model, null, new CancellationToken(canceled: true));
        Assert.Equal(SolverStatus.Cancelled, cancelled.Status);
        var once = new LayerPeeled.Solver.Solvers.Automatic.AutomaticOptions { MaxIterations = 1, RelativeGapTolerance = 1e-14 };
        SoftTargetSolution stopped = new SoftTargetSolver(new LayerPeeled.Solver.Solvers.Automatic.AutomaticSolver(once)).Solve(model);
        Assert.Equal(SolverStatus.IterationLimit, stopped.Status);
        double optimum = new SoftTargetSolver().Solve(model).EnsureOptimal().Excess;
        foreach (SoftTargetSolution solution in new[] { cancelled, stopped })
        {
            Assert.True(solution.ExcessLowerBound <= optimum && optimum <= solution.ExcessUpperBound);
        }
    }
}
