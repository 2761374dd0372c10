using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary>The model with penalties through the tool, against the thresholds of Hong and Ling (JMLR 25, 2024) and closed forms.</summary>
public sealed class UnconstrainedFeaturesTests : IDisposable
{
    private const string Two = "--classes 5x500,5x100";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("0.00334", true)]
    [InlineData("0.00333", false)]
    public void Solve_EitherSideOfMinorityCollapse_IsAsProven(string penalty, bool isCollapsed)
    {
        JsonNode json = Solve($"--counts {Counts()} --lambda-w {penalty} --lambda-h {penalty}").Json;
        JsonNode majority = json["groups"]![0]!, minority = json["groups"]![1]!;
        Assert.Equal(isCollapsed, (bool)minority["collapsed"]!);
        Assert.Equal(isCollapsed, (double)minority["classifierCosine"]! > 1 - 1e-9);
        Assert.False((bool)majority["collapsed"]!);
        // N²·λ_W·λ_H
        Assert.Equal(Math.Pow(3000 * double.Parse(penalty), 2), (double)json["criticalClassSize"]!, 1e-9);
    }

    [Fact]
    public void Solve_BeyondTheLastThreshold_IsCompleteCollapse()
    {
        JsonNode json = Solve($"--counts {Counts()} --lambda-w 0.00746 --lambda-h 0.00746").Json;
        Assert.All(json["groups"]!.AsArray(), group => Assert.Equal(0, (double)group!["classifierNorm2"]! + (double)group["featureNorm2"]!));
        Assert.Equal(Math.Log(10), (double)json["objective"]!, 1e-14);
        Assert.Equal(10, (int)json["classesBelowCriticalSize"]!);
        string text = Text($"--counts {Counts()} --lambda-w 0.00746 --lambda-h 0.00746");
        Assert.Contains("\ncomplete collapse: W = 0 and H = 0 are optimal\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cosines between", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_BeforeTheLastThreshold_KeepsTheMajority()
    {
        JsonNode json = Solve($"--counts {Counts()} --lambda-w 0.00744 --lambda-h 0.00744").Json;
        Assert.True((double)json["groups"]![0]!["classifierNorm2"]! > 0.1);
        Assert.True((double)json["groups"]![1]!["classifierNorm2"]! < 1e-20);
        Assert.DoesNotContain("complete collapse", Text($"--counts {Counts()} --lambda-w 0.00744 --lambda-h 0.00744"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("squared-error")]
    public void Solve_SquaredError_HasTheClosedForm(string loss)
    {
        // Each class on its own: ‖w‖² = √n − N·λ, ‖h‖² the same over n
        JsonNode json = Solve($"{Two} --lambda-w 0.002 --lambda-h 0.002 --loss {loss}").Json;
        Assert.Equal(16.36067977, (double)json["groups"]![0]!["classifierNorm2"]!, 1e-7);
        Assert.Equal(16.36067977 / 500, (double)json["groups"]![0]!["featureNorm2"]!, 1e-9);
        Assert.Equal(10 - 6, (double)json["groups"]![1]!["classifierNorm2"]!, 1e-7);
        Assert.Equal("squared-error", (string?)json["model"]!["loss"]);
    }

    [Fact]
    public void Solve_NoBias_PrintsModelAndLossInEightyColumns()
    {
        string text = Text($"{Two} --lambda-w 0.002 --lambda-h 5e-5");
        Assert.Contains("model                   unconstrained features, counted per sample\n", text, StringComparison.Ordinal);
        Assert.Contains("penalties               λ_W = 0.002, λ_H = 5e-5, no bias\n", text, StringComparison.Ordinal);
        Assert.Contains("loss function           cross-entropy\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\nobjective +[\d.]+\nloss +[\d.]+, without penalties\nlower bound ", text);
        Assert.DoesNotContain("Bias", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("--bias", "bias free")]
    [InlineData("--lambda-b 0.01", "λ_b = 0.01")]
    public void Solve_Bias_IsPrintedForEachGroup(string option, string penalty)
    {
        string command = $"{Two} --lambda-w 0.002 --lambda-h 0.002 {option}", text = Text(command);
        Assert.Contains($"penalties               λ_W = 0.002, λ_H = 0.002, {penalty}\n", text, StringComparison.Ordinal);
        Assert.Contains("\nBias of each class\n", text, StringComparison.Ordinal);
        JsonArray groups = Solve(command).Json["groups"]!.AsArray();
        Assert.All(groups, group => Assert.Contains(((double)group!["bias"]!).ToString("0.######"), text, StringComparison.Ordinal));
        Assert.True((double)groups[0]!["bias"]! > (double)groups[1]!["bias"]!);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("--model ufm --lambda-w 0.002 --lambda-h 0.002 --features per-class", "model                   unconstrained features, counted per class\n")]
    [InlineData("--ew 1 --eh 5 --features per-sample", "model                   Layer-Peeled Model, features counted per sample\n")]
    [InlineData("--ew 0.5 --eh 0.5 --loss mse", "model                   Layer-Peeled Model, features counted per class\n")]
    [InlineData("--ew 0.5 --eh 0.5 --loss mse", "loss function           squared error\n")]
    [InlineData("--ew 0.5 --eh 0.5 --loss mse", "budgets                 E_W = 0.5, E_H = 0.5\n")]
    public void Solve_OtherModels_SayWhatTheyAre(string options, string expected)
    {
        ToolRun run = ToolRun.InTerminal(80, [.. $"solve {Two} {options}".Split(' ')]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ew 1 --eh 5")]
    [InlineData("--model lpm --ew 1 --eh 5 --features per-class --loss ce")]
    public void Solve_LayerPeeledModel_HasNoLineForIt(string options)
    {
        string text = ToolRun.Split($"solve {Two} {options}").Output.ReplaceLineEndings("\n");
        Assert.DoesNotContain("\nmodel ", text, StringComparison.Ordinal);
        Assert.Contains("examples                3000\nobjective ", text, StringComparison.Ordinal);
        Assert.Matches(@"\nobjective +[\d.]+\nlower bound ", text);
    }

    [Theory]
    [InlineData("--model ufm --lambda-w 0.002 --lambda-h 0.002", 9)]
    [InlineData("--model ufm --lambda-w 0.002 --lambda-h 0.002 --bias", 10)]
    [InlineData("--model ufm --lambda-w 0.002 --lambda-h 0.002 --lambda-b 0.01 --loss mse", 10)]
    [InlineData("--model ufm --lambda-w 0.02 --lambda-h 0.02", 9)]
    [InlineData("--ew 1 --eh 5 --features per-sample", 10)]
    public void Verify_WhatSolveWrote_Holds(string options, int checks)
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Split($"solve {Two} {options} --out {file}").ExitCode);
        ToolRun run = ToolRun.Of("verify", "--json", file);
        Assert.Equal(0, run.ExitCode);
        Assert.True((bool)run.Json["certified"]!);
        Assert.Equal(checks, run.Json["checks"]!.AsArray().Count);
    }

    [Fact]
    public void Verify_PenaltyChanged_IsRejected()
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Split($"solve {Two} --model ufm --lambda-w 0.002 --lambda-h 0.002 --bias --out {file}").ExitCode);
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        json["model"]!["featurePenalty"] = 0.00201;
        File.WriteAllText(file, json.ToJsonString());
        ToolRun run = ToolRun.Of("verify", file);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("FAILS  loss", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Etf_SolutionWithPenalties_IsRefused()
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Split($"solve {Two} --model ufm --lambda-w 0.002 --lambda-h 0.002 --out {file}").ExitCode);
        ToolRun run = ToolRun.Of("etf", file);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is a solution with penalties; one with budgets for classifiers and class means is expected.", run.Error, StringComparison.Ordinal);
    }

    private string Counts() => folder.File("counts.csv", "class,count\n" + string.Concat(Enumerable.Range(0, 10).Select(k => $"c{k},{(k < 5 ? 500 : 100)}\n")));

    private static ToolRun Solve(string options)
    {
        ToolRun run = ToolRun.Split($"solve --model ufm {options} --json");
        Assert.Equal(0, run.ExitCode);
        return run;
    }

    private static string Text(string options)
    {
        ToolRun run = ToolRun.InTerminal(80, [.. $"solve --model ufm {options}".Split(' ')]);
        Assert.Equal(0, run.ExitCode);
        return run.Output.ReplaceLineEndings("\n");
    }
}
