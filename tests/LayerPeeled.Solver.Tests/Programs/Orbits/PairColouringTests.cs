using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs.Orbits;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs.Orbits;

public sealed class PairColouringTests
{
    private const double Roundoff = 1e-12;

    public static TheoryData<string> Groups => [.. Cases.Keys];

    private static Dictionary<string, SymmetricTargets> Cases { get; } = new[]
    {
        SymmetricTargets.Random("cyclic", [TargetPermutation.Step(9)], 1),
        SymmetricTargets.Random("dihedral", SymmetricTargets.Dihedral(10), 2),
        SymmetricTargets.Random("quaternions", SymmetricTargets.Quaternions(), 3),
        SymmetricTargets.Random("pairs", SymmetricTargets.OnPairs(6), 4),
        SymmetricTargets.Random("orders 2, 3 and 6", [SymmetricTargets.Cycles([6, 3, 2, 1], [6, 6, 3, 1], 5)], 5),
        SymmetricTargets.Random("two generators", [SymmetricTargets.Cycles([5, 5, 2], [5, 1, 1], 6), SymmetricTargets.Cycles([5, 5, 2], [5, 1, 1], 6)], 6),
        SymmetricTargets.Random("exchangeable", [TargetPermutation.Step(7), TargetPermutation.OfCycles(7, [[0, 1]], 7, [[0, 1]])], 7),
    }.ToDictionary(c => c.Name);

    [Theory]
    [MemberData(nameof(Groups))]
    public void Blocks_RandomElement_HaveItsNuclearNorm(string name)
    {
        SymmetricTargets symmetric = Cases[name];
        PairColouring orbits = PairColouring.OfOrbits(symmetric.Targets, symmetric.Generators);
        OrbitBlocks blocks = OrbitBlocks.Of(orbits)!;
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, orbits.Count).Select(_ => RandomPoints.Normal(random))];
        double sum = 0;
        foreach (OrbitBlock block in blocks.Blocks)
        {
            double[] entries = new double[block.Rows * block.Columns];
            block.AddFrom(values, entries);
            sum += block.Multiplicity * RandomPoints.NuclearNorm(Matrix<double>.Build.Dense(block.Rows, block.Columns, entries));
        }

        Assertions.Near(RandomPoints.NuclearNorm(Expand(orbits, values)), sum, Roundoff, "‖Z‖_*");
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Refinement_Group_CutsNoOrbit(string name)
    {
        SymmetricTargets symmetric = Cases[name];
        PairColouring orbits = PairColouring.OfOrbits(symmetric.Targets, symmetric.Generators), found = PairRefinement.Of(symmetric.Targets, int.MaxValue)!;
        Assert.InRange(found.Count, 1, orbits.Count);
        Assert.Equal(orbits.Count, orbits.Colours.Zip(found.Colours).Distinct().Count());
        (int tokens, int contexts) = ColourRefinement.Count(symmetric.Targets);
        Assert.InRange(tokens, 1, found.TokenClasses);
        Assert.InRange(contexts, 1, found.ContextClasses);
    }

    // What mathematics.md proves of averages, for orbits and for classes that are more than orbits
    [Theory]
    [InlineData("dihedral")]
    [InlineData("orders 2, 3 and 6")]
    [InlineData("Latin square")]
    public void Average_AnyMatrix_HasNoLargerNormAndNoLargerLoss(string name)
    {
        SoftTargets targets = name == "Latin square" ? SymmetricTargets.LatinSquare() : Cases[name].Targets;
        PairColouring colouring = PairRefinement.Of(targets, int.MaxValue)!;
        var random = new Random(2);
        for (int run = 0; run < 20; run++)
        {
            Matrix<double> z = Matrix<double>.Build.Dense(targets.Tokens, targets.Contexts, (_, _) => 3 * RandomPoints.Normal(random));
            double[] means = new double[colouring.Count], all = z.ToColumnMajorArray();
            for (int i = 0; i < all.Length; i++)
            {
                means[colouring.Colours[i]] += all[i] / colouring.Sizes[colouring.Colours[i]];
            }

            Matrix<double> average = Expand(colouring, means);
            Assert.True(RandomPoints.NuclearNorm(average) <= RandomPoints.NuclearNorm(z) * (1 + Roundoff));
            Assert.True(Loss(targets, average) <= Loss(targets, z) * (1 + Roundoff));
        }
    }

    // Its graph is strongly regular: three classes of pairs, and more orbits than that
    [Fact]
    public void Refinement_LatinSquare_FindsMoreThanItsSymmetry()
    {
        PairColouring found = PairRefinement.Of(SymmetricTargets.LatinSquare(), int.MaxValue)!;
        Assert.Equal((1, 1, 3), (found.TokenClasses, found.ContextClasses, found.Count));
        // The eigenvalues of the graph, 15, 3 and −3, have multiplicities 1, 15 and 20.
        Assert.Equal([1, 15, 20], OrbitBlocks.Of(found)!.Blocks.Select(block => block.Multiplicity).Order());
    }

    // A partition into equitable classes alone would make Z constant.
    [Fact]
    public void Refinement_EqualClasses_KeepsTheDiagonalApart()
    {
        PairColouring found = PairRefinement.Of(SoftTargets.LabelSmoothing([5, 5, 5, 5, 2, 2, 2], 0.1), int.MaxValue)!;
        Assert.Equal((2, 2, 6), (found.TokenClasses, found.ContextClasses, found.Count));
        Assert.NotEqual(found.Colours[0], found.Colours[1]);
    }

    [Fact]
    public void Search_NoSymmetry_StopsAtTheEntries()
    {
        SoftTargets targets = SoftTargets.From(SoftTargetCases.RandomCounts(60, 50, 3));
        (int tokens, int contexts) = ColourRefinement.Count(targets);
        Assert.InRange(tokens * contexts, 2000, 3000);
        Assert.Null(OrbitSearch.Of(targets, TargetSymmetry.Automatic, 50));
        Assert.Null(PairRefinement.Of(targets, 750));
    }

    // Sums in another order differ in their last digit.
    [Fact]
    public void Refinement_TargetsOffByRounding_AreEqual()
    {
        var random = new Random(5);
        double[] day = [0.62, 0.16, 0.04, 0.01, 0.013, 0.037, 0.12];
        SoftTargets targets = SymmetricTargets.Of(Matrix<double>.Build.Dense(7, 7, (i, j) => day[(i - j + 7) % 7] * (1 + ((random.NextDouble() - 0.5) * 4e-16))), null);
        Assert.Equal(7, PairRefinement.Of(targets, 49)!.Count);
    }

    private static Matrix<double> Expand(PairColouring colouring, double[] values) =>
        Matrix<double>.Build.Dense(colouring.TokenClass.Length, colouring.ContextClass.Length, Array.ConvertAll(colouring.Colours, colour => values[colour]));

    private static double Loss(SoftTargets targets, Matrix<double> z)
    {
        double sum = 0;
        double[] ones = [.. Enumerable.Repeat(1.0, targets.Tokens)];
        var loss = new SoftTargetLoss(targets.Columns);
        for (int c = 0; c < targets.Contexts; c++)
        {
            ILoss column = loss.OfClass(ones, ones, c);
            double[] logits = z.Column(c).ToArray();
            sum += targets.Weights[c] * column.Value(logits[((ITargetLoss)column).OwnRow], logits, ones);
        }

        return sum;
    }
}
