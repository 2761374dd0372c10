using System.IO.Compression;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary><c>solve --targets</c>.</summary>
public sealed class TargetCommandTests : IDisposable
{
    private const string Days = ",sun,mon,tue,wed\nsun,0.7,0.1,0.1,0.1\nmon,0.1,0.7,0.1,0.1\ntue,0.1,0.1,0.7,0.1\nwed,0.1,0.1,0.1,0.7\n";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Solve_Distributions_PrintsFloorExcessAndFrame()
    {
        string file = folder.File("days.csv", Days);
        ToolRun run = ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Optimal: the global optimum, certified (relative gap of the excess", run.Output, StringComparison.Ordinal);
        Assert.Contains("entropy floor", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"W a simplex ETF\? +yes", run.Output);
        Assert.Matches(@"W·Wᵀ circulant\? +yes", run.Output);
        Assert.Matches(@"  wed +0\.25 +1 +(sun|mon|tue) +-0\.3333", run.Output);
        // r = 4·√0.5 on Z = α(I − 11ᵀ/4), α = r/3: KL(t‖softmax z)
        double alpha = 4 * Math.Sqrt(0.5) / 3, own = 1 / (1 + (3 * Math.Exp(-alpha)));
        double excess = (0.7 * Math.Log(0.7 / own)) + (0.3 * Math.Log(0.1 / ((1 - own) / 3)));
        var json = ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5", "--json").Json;
        Assert.InRange((double)json["excess"]!, excess * (1 - 1e-10), excess * (1 + 1e-10));
        Assert.True((double)json["excessLowerBound"]! <= excess && (double)json["excessUpperBound"]! >= excess);
        Assert.True((bool)json["boundsAreProofs"]!);
        Assert.True((bool)json["classifiers"]!["isSimplexEtf"]!);
    }

    [Fact]
    public void Solve_Counts_SaysWhatItMadeOfThem()
    {
        string file = folder.File("counts.mtx", "%%MatrixMarket matrix coordinate integer general\n3 4 6\n1 1 5\n2 1 2\n3 2 4\n1 2 1\n2 4 6\n3 4 1\n");
        ToolRun run = ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("read as counts", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 4 contexts never occur and were left out; m = 3", run.Output, StringComparison.Ordinal);
        var json = ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "2", "--json").Json;
        Assert.Equal((3, 3, 1), ((int)json["tokens"]!, (int)json["contexts"]!, (int)json["contextsLeftOut"]!));
        // With other weights another floor
        string weights = folder.File("weights.csv", "weight\n1\n1\n0\n2\n");
        var weighted = ToolRun.Of("solve", "--targets", file, "--context-weights", weights, "--ew", "1", "--eh", "2", "--json").Json;
        double floor = (0.25 * Entropy(5, 2)) + (0.25 * Entropy(4, 1)) + (0.5 * Entropy(6, 1));
        Assert.InRange((double)weighted["entropyFloor"]!, floor * (1 - 1e-14), floor * (1 + 1e-14));

        static double Entropy(double a, double b) => -((a / (a + b) * Math.Log(a / (a + b))) + (b / (a + b) * Math.Log(b / (a + b))));
    }

    [Fact]
    public void Solve_Out_WritesMatricesWithTheLogits()
    {
        string file = folder.File("days.csv", Days), target = folder.File("solution.npz");
        Assert.Equal(0, ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5", "--out", target).ExitCode);
        Matrix<double> w = Read(target, "classifier"), h = Read(target, "contexts");
        Assert.Equal((4, 4), (w.RowCount, h.RowCount));
        Matrix<double> z = w * h.Transpose();
        Assert.InRange(z[0, 0] - z[1, 0], (4 * Math.Sqrt(0.5) / 3) - 1e-7, (4 * Math.Sqrt(0.5) / 3) + 1e-7);
    }

    // A saved optimum is one; with two output vectors exchanged it is none.
    [Fact]
    public void Diagnose_SavedOptimum_HasGainedEverything()
    {
        string file = folder.File("days.csv", Days), target = folder.File("solution.npz");
        Assert.Equal(0, ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5", "--out", target).ExitCode);
        Matrix<double> w = Read(target, "classifier"), h = Read(target, "contexts");
        string weight = Save("weight.npy", w), features = Save("features.npy", h);
        ToolRun run = ToolRun.Of("diagnose", "--targets", file, "--weight", weight, "--features", features);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("gained 100 % of what its norms allow", run.Output, StringComparison.Ordinal);
        Matrix<double> other = w.Clone();
        other.SetRow(0, w.Row(1));
        other.SetRow(1, w.Row(0));
        var json = ToolRun.Of("diagnose", "--targets", file, "--weight", Save("other.npy", other), "--features", features, "--json").Json;
        Assert.InRange((double)json["classifierBudget"]!, 1 - 1e-6, 1 + 1e-6);
        Assert.InRange((double)json["shareGained"]!, -2, 0.9);
        Assert.True((double)json["logitDistance"]! > 0.1);
        ToolRun refused = ToolRun.Of("diagnose", "--targets", file, "--weight", weight, "--features", features, "--groups", "2");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--groups has no meaning with --targets", refused.Error, StringComparison.Ordinal);

        string Save(string name, Matrix<double> matrix)
        {
            using FileStream stream = File.Create(folder.File(name));
            NpyWriter.Write(stream, matrix);
            return stream.Name;
        }
    }

    [Fact]
    public void Solve_Symmetry_IsFoundGivenOrRefused()
    {
        string file = folder.File("days.csv", Days), step = folder.File("step.txt", "(0 1 2 3) | (0 1 2 3)\n");
        Assert.Matches("symmetry +orbits: 1 of tokens, 1 of contexts, 2 of pairs", Solve("auto").Output);
        Assert.Matches("symmetry +orbits: 1 of tokens, 1 of contexts, 4 of pairs", Solve(step).Output);
        Assert.Matches("symmetry +orbits: 1 of tokens, 1 of contexts, 4 of pairs[^$]*method +cyclic", Solve("cyclic").Output);
        Assert.DoesNotContain("symmetry", Solve("none").Output, StringComparison.Ordinal);
        var json = ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5", "--symmetry", step, "--json").Json;
        Assert.Equal((1, 1, 4), ((int)json["symmetry"]!["tokenOrbits"]!, (int)json["symmetry"]!["contextOrbits"]!, (int)json["symmetry"]!["pairOrbits"]!));
        ToolRun refused = Solve(folder.File("half.txt", "(0 1) | (0 2)\n"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Generator 1 is no symmetry: it takes token 0 in context 0, target 0.7, to token 1 in context 2, target 0.1.", refused.Error, StringComparison.Ordinal);

        ToolRun Solve(string symmetry) => ToolRun.Of("solve", "--targets", file, "--ew", "1", "--eh", "0.5", "--symmetry", symmetry);
    }

    [Fact]
    public void Solve_TokenNames_StandInTheTable()
    {
        string file = folder.File("counts.mtx", "%%MatrixMarket matrix coordinate integer general\n2 2 3\n1 1 5\n2 1 2\n2 2 9\n"), names = folder.File("names.txt", "the\nof\n");
        Assert.Matches("  of +0.6875", ToolRun.Of("solve", "--targets", file, "--token-names", names, "--ew", "1", "--eh", "1").Output);
        Assert.Contains("1 names", ToolRun.Of("solve", "--targets", file, "--token-names", folder.File("one.txt", "the\n"), "--ew", "1", "--eh", "1").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--classes 3x5", "--classes has no meaning with --targets")]
    [InlineData("--loss mse", "--loss has no meaning with --targets")]
    [InlineData("--model ufm", "--model has no meaning with --targets")]
    [InlineData("--out a.json", "must end in .npz")]
    [InlineData("--method merged", "--method 'merged'")]
    [InlineData("--context-weights missing.csv", "cannot be read")]
    [InlineData("--symmetry missing.txt", "--symmetry 'missing.txt' cannot be read")]
    [InlineData("--symmetry cyclic --method reduced", "--symmetry 'cyclic' has no meaning with --method 'reduced'")]
    public void Solve_WhatDoesNotGoWithTargets_IsRefused(string more, string message)
    {
        string file = folder.File("days.csv", Days);
        ToolRun run = ToolRun.Of(["solve", "--targets", file, "--ew", "1", "--eh", "0.5", .. more.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Solve_ContextWeightsWithoutTargets_AreRefused()
    {
        ToolRun run = ToolRun.Split("solve --classes 3x5 --ew 1 --eh 1 --context-weights w.csv");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--context-weights has no meaning without --targets", run.Error, StringComparison.Ordinal);
    }

    private static Matrix<double> Read(string archive, string name)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using Stream entry = zip.GetEntry(name + ".npy")!.Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        copy.Position = 0;
        return new NpyReader(copy).ReadMatrix();
    }
}
