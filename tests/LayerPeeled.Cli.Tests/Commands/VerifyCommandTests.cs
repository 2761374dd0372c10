using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Verify_WhatSolveWrote_HoldsAndExitsZero()
    {
        ToolRun run = ToolRun.Of("verify", Saved("5x1000,5x10"));
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("The claim holds: a certified global optimum.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILS", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_StandardInput_IsRead()
    {
        string text = File.ReadAllText(Saved("5x1000,5x10"));
        Assert.Equal(0, ToolRun.With(text, default, "verify", "-").ExitCode);
    }

    [Fact]
    public void Verify_Json_IsOneDocument()
    {
        ToolRun run = ToolRun.Of("verify", "--json", Saved("5x1000,5x10"));
        Assert.Equal(0, run.ExitCode);
        Assert.True((bool)run.Json["holds"]!);
        Assert.True((bool)run.Json["certified"]!);
        Assert.Equal(10, run.Json["checks"]!.AsArray().Count);
        Assert.Empty(run.Json["reasons"]!.AsArray());
    }

    [Fact]
    public void Verify_ObjectiveChanged_IsRejectedWithTheReason()
    {
        string file = Saved("5x1000,5x10");
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        json["objective"] = (double)json["objective"]! * 0.999;
        File.WriteAllText(file, json.ToJsonString());
        ToolRun run = ToolRun.Of("verify", file);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("Rejected", run.Output, StringComparison.Ordinal);
        Assert.Contains("FAILS  objective", run.Output, StringComparison.Ordinal);
        ToolRun asJson = ToolRun.Of("verify", "--json", file);
        Assert.Equal(3, asJson.ExitCode);
        Assert.False((bool)asJson.Json["holds"]!);
        Assert.Contains(asJson.Json["reasons"]!.AsArray(), reason => ((string)reason!).StartsWith("objective:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"formatVersion\": 1, \"model\": {")]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{}")]
    public void Verify_NotASolution_IsRejectedWithTheReason(string content)
    {
        string file = folder.File("bad.json", content);
        ToolRun run = ToolRun.Of("verify", file), asJson = ToolRun.Of("verify", file, "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("Rejected: this is not a saved solution.", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
        Assert.Equal(3, asJson.ExitCode);
        Assert.False((bool)asJson.Json["holds"]!);
        Assert.Single(asJson.Json["reasons"]!.AsArray());
    }

    private string Saved(string classes)
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Of("solve", "--classes", classes, "--ew", "1", "--eh", "5", "--out", file).ExitCode);
        return file;
    }
}
