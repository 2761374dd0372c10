using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Data.Tests;

public class SolutionJsonTests
{
    private static readonly SolutionJsonOptions WithMatrices = new() { IncludeMatrices = true };

    private static readonly string[] ExpectedFields =
    [
        "formatVersion", "tool", "version", "status", "method", "reason", "objective", "log10Objective", "objectiveUpperBound", "lowerBound", "absoluteGap", "relativeGap",
        "gapTolerance", "geometryError", "multiplier", "criticalClassSize", "classCount", "examples", "classesBelowCriticalSize", "iterations", "seconds",
        "model", "groups",
        "classifierCosines", "featureCosines", "notes",
    ];

    [Fact]
    public void ToText_AnySolution_HasEveryFieldWithItsType()
    {
        LayerPeeledSolution solution = Solve(new ClassGroup(3, 100), new ClassGroup(1, 20), new ClassGroup(2, 5, 2));
        JsonObject json = JsonNode.Parse(SolutionJson.ToText(solution))!.AsObject();
        Assert.Equal(ExpectedFields, json.Select(field => field.Key));
        Assert.Equal("Optimal", (string?)json["status"]);
        Assert.Equal("reduced", (string?)json["method"]);
        Assert.Equal(6, (int)json["classCount"]!);
        Assert.Equal(solution.Objective, (double)json["objective"]!);
        Assert.InRange((double)json["lowerBound"]!, solution.Certificate.LowerBound - 1e-11, solution.Certificate.LowerBound);
        Assert.InRange((double)json["absoluteGap"]!, solution.Certificate.AbsoluteGap, solution.Certificate.AbsoluteGap + 1e-11);
        Assert.InRange((double)json["relativeGap"]!, solution.Certificate.RelativeGap, solution.Certificate.RelativeGap + 1e-10);
        Assert.Equal(solution.Multiplier, (double)json["multiplier"]!);
        Assert.Equal(solution.CriticalClassSize, (double)json["criticalClassSize"]!);
        Assert.Equal(solution.Iterations, (int)json["iterations"]!);
        Assert.Equal(3, json["groups"]!.AsArray().Count);
        Assert.Equal(3, json["classifierCosines"]!.AsArray().Count);
        Assert.All(json["featureCosines"]!.AsArray(), row => Assert.Equal(3, row!.AsArray().Count));
        JsonObject group = json["groups"]![2]!.AsObject();
        Assert.Equal(
            ["classes", "count", "weight", "classifierNorm2", "featureNorm2", "classifierCosine", "featureCosine", "collapsed"], group.Select(field => field.Key));
        Assert.Equal(2, (int)group["classes"]!);
        Assert.Equal(2.0, (double)group["weight"]!);
        Assert.Equal(solution.Groups[2].ClassifierCosine, (double)group["classifierCosine"]!);
        Assert.Equal((double)group["classifierCosine"]!, (double)json["classifierCosines"]![2]![2]!);
        Assert.True(group["collapsed"]!.GetValueKind() is JsonValueKind.True or JsonValueKind.False);
        Assert.Equal(["groups", "regulariser", "classifierBudget", "featureBudget", "featureNorm", "featureDimension", "loss"], json["model"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void Write_ClassNames_AreReadBackAndStandWithTheirGroups()
    {
        var solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts([5, 100, 5], 1, 5));
        string text = SolutionJson.ToText(solution, WithMatrices with { ClassNames = ["cat", "dog", "ox"], Source = "a file", Notes = ["a note"] });
        JsonNode json = JsonNode.Parse(text)!;
        Assert.Equal(["cat", "ox"], json["groups"]![1]!["names"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("a file", (string?)json["source"]);
        Assert.Equal(110, (double)json["examples"]!);
        Assert.Equal("a note", (string?)json["notes"]![0]);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(["cat", "dog", "ox"], SolutionJson.Read(stream).ClassNames);
        Assert.Throws<ArgumentException>(() => SolutionJson.ToText(solution, new SolutionJsonOptions { ClassNames = ["cat"] }));
    }

    [Fact]
    public void ToText_GroupOfOneClass_CosineIsNullAndANoteSaysWhy()
    {
        string text = SolutionJson.ToText(Solve(new ClassGroup(3, 100), new ClassGroup(1, 20)));
        JsonNode json = JsonNode.Parse(text)!;
        Assert.Null(json["groups"]![1]!["classifierCosine"]);
        Assert.Null(json["featureCosines"]![1]![1]);
        Assert.Contains(json["notes"]!.AsArray(), note => ((string)note!).Contains("one class", StringComparison.Ordinal));
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToText_ZeroVector_CosineIsNullAndANoteSaysWhy()
    {
        string text = SolutionJson.ToText(Solve(new ClassGroup(3, 100), new ClassGroup(2, 0)));
        JsonNode json = JsonNode.Parse(text)!;
        Assert.Null(json["groups"]![1]!["featureCosine"]);
        Assert.Contains(json["notes"]!.AsArray(), note => ((string)note!).Contains("zero", StringComparison.Ordinal));
    }

    [Fact]
    public void ToText_MoreGroupsThanAllowed_CosinesAreNullWithANote()
    {
        LayerPeeledSolution solution = Solve(new ClassGroup(3, 100), new ClassGroup(2, 5));
        JsonNode json = JsonNode.Parse(SolutionJson.ToText(solution, new SolutionJsonOptions { LargestCosines = 1 }))!;
        Assert.Null(json["classifierCosines"]);
        Assert.Contains(json["notes"]!.AsArray(), note => ((string)note!).StartsWith("classifierCosines is null", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public void Read_WhatWriteWrote_IsTheSameBitForBit(int largestClassForm)
    {
        LayerPeeledSolution solution = Solve(new ClassGroup(3, 100), new ClassGroup(1, 20.5), new ClassGroup(2, 5, 2));
        SavedSolution saved = Read(SolutionJson.ToText(solution, WithMatrices with { LargestClassForm = largestClassForm }));
        Assert.Equal(solution.Status, saved.Status);
        Assert.Equal(solution.Objective, saved.Objective);
        // with room for the rounding of another machine
        Assert.InRange(saved.LowerBound, solution.Certificate.LowerBound - 1e-12, solution.Certificate.LowerBound);
        Assert.InRange(saved.ObjectiveUpperBound, solution.Certificate.PrimalUpperBound, solution.Certificate.PrimalUpperBound + 1e-12);
        Assert.Equal(saved.ObjectiveUpperBound - saved.LowerBound, saved.AbsoluteGap);
        Assert.Equal(solution.Multiplier, saved.Multiplier);
        Assert.Equal(solution.Model.Groups, saved.Model.Groups);
        Assert.Equal(solution.Groups, saved.Groups);
        if (largestClassForm == 0)
        {
            Assert.Equal(solution.Factors.ClassifierCore.ToArray(), saved.Factors!.ClassifierCore.ToArray());
            Assert.Equal(solution.Factors.FeatureSpread.ToArray(), saved.Factors.FeatureSpread.ToArray());
        }
        else
        {
            Assert.Equal(solution.Classifier, saved.Classifier);
            Assert.Equal(solution.ClassMeans, saved.ClassMeans);
        }
    }

    [Fact]
    public void Read_TinyObjective_RoundTripsAndVerifies()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(10, 7)], 100, 100);
        SavedSolution saved = Read(SolutionJson.ToText(new ReducedSolver().Solve(model), WithMatrices));
        double exact = 9 * Math.Exp(-1000.0 / 9);
        Assert.InRange(saved.Objective, exact * (1 - 1e-11), exact * (1 + 1e-11));
        Assert.True(SolutionVerifier.Verify(saved).Certified);
    }

    [Fact]
    public void Read_ClassesInAnyOrder_KeepsTheirNumbering()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([5, 100, 5, 20, 100], 1, 5);
        string text = SolutionJson.ToText(new ReducedSolver().Solve(model), WithMatrices);
        SavedSolution saved = Read(text);
        Assert.Equal(model.GroupOfClass.ToArray(), saved.Model.GroupOfClass.ToArray());
        Assert.Equal(5, JsonNode.Parse(text)!["model"]!["classOrder"]!.AsArray().Count);
        Assert.True(SolutionVerifier.Verify(saved).Certified);
    }

    [Fact]
    public void Read_GroupsThatReturn_KeepTheirOrder()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(2, 5), new ClassGroup(3, 100), new ClassGroup(1, 5)], 1, 5);
        SavedSolution saved = Read(SolutionJson.ToText(new ReducedSolver().Solve(model), WithMatrices));
        Assert.Equal(model.Groups, saved.Model.Groups);
        Assert.Equal(model.GroupOfClass.ToArray(), saved.Model.GroupOfClass.ToArray());
    }

    [Fact]
    public void ToText_MillionClasses_CostsTheGroups()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(300_000, 50), new ClassGroup(700_000, 2)], 1, 5);
        string text = SolutionJson.ToText(new ReducedSolver().Solve(model), WithMatrices);
        Assert.True(text.Length < 5000, $"{text.Length} characters");
        Assert.True(SolutionVerifier.Verify(Read(text)).Certified);
    }

    [Fact]
    public void Read_ClassByClassPointOfManyClasses_Verifies()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(4, 50), new ClassGroup(3, 10)], 1, 5);
        LayerPeeledSolution solution = new LowRankSolver().Solve(model);
        SavedSolution saved = Read(SolutionJson.ToText(solution, WithMatrices with { LargestClassForm = 3 }));
        Assert.NotNull(saved.Classifier);
        Assert.True(SolutionVerifier.Verify(saved).Certified);
    }

    internal static SavedSolution Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return SolutionJson.Read(stream);
    }

    private static LayerPeeledSolution Solve(params ClassGroup[] groups) =>
        new ReducedSolver().Solve(LayerPeeledModel.FromClassGroups(groups, 1, 5));
}
