using System.Text.Json.Nodes;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Data.Tests;

/// <summary>On a native library that is wrong the verifier may fail to confirm what is so, and never confirms what is not.</summary>
public sealed class WrongLibraryVerifierTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([40, 9, 40, 9, 3, 1.5], 2, 3);
    private static readonly LayerPeeledSolution Optimum = new ReducedSolver().Solve(Model);
    private static readonly LayerPeeledSolution Unfinished = new ReducedSolver(new LowRankOptions { MaxIterations = 4 }).Solve(Model);

    public static TheoryData<Lie> Lies => new(Enum.GetValues<Lie>());

    [Theory]
    [MemberData(nameof(Lies))]
    public void Verify_PointThatIsNoOptimum_IsNeverCertified(Lie lie)
    {
        Assert.NotEqual(SolverStatus.Optimal, Unfinished.Status);
        double objective = Unfinished.Objective;
        // All that is claimed fits together: the point is said to be optimal to the last digit; or the optimum's bounds are claimed of it.
        foreach ((double lower, double upper) in new[] { (objective, objective), (Optimum.Certificate.LowerBound, Optimum.Certificate.PrimalUpperBound) })
        {
            JsonNode json = JsonNode.Parse(Text(Unfinished))!;
            (json["status"], json["lowerBound"], json["objectiveUpperBound"]) = ("Optimal", lower, upper);
            (json["absoluteGap"], json["relativeGap"]) = (upper - lower, (upper - lower) / upper);
            SavedSolution saved = SolutionJsonTests.Read(json.ToJsonString());
            foreach (int every in new[] { 1, 3, 10 })
            {
                Assert.NotEqual(true, Verify(saved, lie, every)?.Certified);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Verify_Optimum_IsBoundedFromBothSides(Lie lie)
    {
        SavedSolution saved = SolutionJsonTests.Read(Text(Optimum));
        Assert.True(SolutionVerifier.Verify(saved).Certified);
        foreach (int every in new[] { 1, 3, 10 })
        {
            if (Verify(saved, lie, every) is { } verification)
            {
                Assert.True(verification.Certificate.LowerBound <= Optimum.Certificate.PrimalUpperBound, $"every {every}");
                Assert.True(verification.Certificate.PrimalUpperBound >= Optimum.Certificate.LowerBound, $"every {every}");
            }
        }
    }

    // Null where the lie was found out
    private static SolutionVerification? Verify(SavedSolution saved, Lie lie, int every)
    {
        try
        {
            return LyingBackend.Run(lie, every, () => SolutionVerifier.Verify(saved));
        }
        catch (DecompositionException)
        {
            return null;
        }
    }

    private static string Text(LayerPeeledSolution solution) => SolutionJson.ToText(solution, new SolutionJsonOptions { IncludeMatrices = true });
}
