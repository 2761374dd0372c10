using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class CompareCommandTests
{
    private const string Classes = "compare --classes 5x100,5x10 --ew 1 --eh 5";

    [Fact]
    public void Compare_AllMembers_PrintsThemSideBySide()
    {
        ToolRun run = ToolRun.Split(Classes + " --loss ldt:gamma=0.5");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("A: the classes with 100 examples, B: those with 10", run.Output, StringComparison.Ordinal);
        foreach (string member in (string[])["lpm", "ufm", "svm", "relu", "supcon", "sphere"])
        {
            Assert.Contains($"  {member}", run.Output, StringComparison.Ordinal);
        }

        Assert.Contains("ldt:gamma=0.5", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Compare_Json_HasTheNumbersOfEachModelByItself()
    {
        JsonNode json = ToolRun.Split(Classes + " --loss la:tau=1 --json").Json;
        JsonNode lpm = Member(json, "lpm", "cross-entropy"), alone = ToolRun.Split("solve --classes 5x100,5x10 --ew 1 --eh 5 --json").Json;
        Assert.Equal((double)alone["objective"]!, (double)lpm["objective"]!);
        // Section 8: SELI for K = 10, R = 10
        JsonNode svm = Member(json, "svm", "margin");
        Assert.Equal(2.6721, (double)svm["classifier"]!["normRatio"]!, 4);
        Assert.Equal(0.03337, (double)svm["classifier"]!["minorityCosine"]!, 5);
        Assert.Equal(-0.08543, (double)svm["feature"]!["crossCosine"]!, 5);
        Assert.Null(svm["objective"]);
        // Features behind a ReLU are orthogonal.
        Assert.Equal(0, (double)Member(json, "relu", "cross-entropy")["feature"]!["minorityCosine"]!);
        Assert.Null(Member(json, "supcon", "contrastive")["classifier"]);
        Assert.Equal(1, (double)Member(json, "sphere", "cross-entropy")["feature"]!["normRatio"]!);
    }

    // Additive adjustments do not move the threshold, temperatures do.
    [Fact]
    public void Compare_BeyondTheThreshold_TellsWhichLossesSeparate()
    {
        JsonNode json = ToolRun.Split("compare --classes 5x1000,5x10 --ew 1 --eh 5 --models lpm --loss la:tau=1 --loss ldt:gamma=-1 --json").Json;
        Assert.Equal(5, (int)Member(json, "lpm", "cross-entropy")["collapsedClasses"]!);
        Assert.Equal(5, (int)Member(json, "lpm", "la:tau=1")["collapsedClasses"]!);
        Assert.Equal(0, (int)Member(json, "lpm", "ldt:gamma=-1,tau=0")["collapsedClasses"]!);
    }

    [Fact]
    public void Compare_WhatAMemberDoesNotTake_IsARowThatSaysSo()
    {
        // A contrastive loss counts samples.
        ToolRun run = ToolRun.Split("compare --classes 3x2.5,3x1.5 --ew 1 --eh 2 --models lpm,supcon");
        Assert.Contains("supcon", run.Output, StringComparison.Ordinal);
        Assert.Contains("whole number", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Theory]
    [InlineData("--models lpm,nothing", "a comma list of lpm, ufm")]
    [InlineData("--models lpm,lpm", "each once")]
    [InlineData("--models svm --loss la", "has no meaning without lpm")]
    [InlineData("--loss nothing", "is not a loss")]
    public void Compare_WrongOption_IsRefused(string more, string message)
    {
        ToolRun run = ToolRun.Split($"{Classes} {more}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Csv_HasARowForEach()
    {
        string[] rows = ToolRun.Split(Classes + " --csv -").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, rows.Length);
        Assert.All(rows, row => Assert.Equal(13, row.Count(c => c == ',')));
    }

    private static JsonNode Member(JsonNode json, string model, string loss) =>
        json["members"]!.AsArray().Single(member => (string)member!["model"]! == model && (string)member["loss"]! == loss)!;
}
