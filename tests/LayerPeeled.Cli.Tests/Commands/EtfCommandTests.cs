using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class EtfCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(6, false)]
    public void Etf_ClosedFormOptimum_IsRecognised(int dimension, bool asRows)
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(LayerPeeledModel.FromClassGroups([new(6, 1)], 2, 3, dimension));
        ToolRun run = ToolRun.Of("etf", Point(w, asRows ? h.Transpose() : h), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("OptimalSimplexEtf", (string?)run.Json["verdict"]);
        Assert.Equal(1e-6, (double)run.Json["tolerance"]!);
        Assert.Equal(2, (double)run.Json["classifierBudget"]!, 1e-12);
        Assert.Equal(3, (double)run.Json["featureBudget"]!, 1e-12);
        Assert.Equal(dimension == 6, run.Json["notes"]!.AsArray().Count == 1);
    }

    [Fact]
    public void Etf_OtherBudgetsOrCounts_AreNotOptimal()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(LayerPeeledModel.FromClassGroups([new(6, 1)], 2, 3, 7));
        string file = Point(w, h);
        foreach (string[] options in new string[][] { ["--ew", "4"], ["--classes", "3x100,3x10"] })
        {
            ToolRun run = ToolRun.Of(["etf", file, .. options]);
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith("SimplexEtfNotOptimal", run.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, ToolRun.Of("etf", file, "--ew", "2", "--eh", "3").ExitCode);
    }

    [Fact]
    public void Etf_Tolerance_DecidesAboutAPerturbedFrame()
    {
        (Matrix<double> w, Matrix<double> h) = SimplexEtf.BalancedOptimum(LayerPeeledModel.FromClassGroups([new(6, 1)], 2, 3, 7));
        w[0, 0] += 1e-4;
        string file = Point(w, h);
        Assert.False((bool)ToolRun.Of("etf", file, "--json").Json["isSimplexEtf"]!);
        Assert.True((bool)ToolRun.Of("etf", file, "--json", "--tolerance", "1e-3").Json["isSimplexEtf"]!);
    }

    [Fact]
    public void Etf_SavedSolution_IsJudgedByItsOwnModel()
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Of("solve", "--classes", "5x100,5x10", "--ew", "1", "--eh", "5", "--out", file).ExitCode);
        ToolRun run = ToolRun.Of("etf", file);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("OptimalNotSimplexEtf", run.Output, StringComparison.Ordinal);
        ToolRun wrong = ToolRun.Of("etf", file, "--ew", "1");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--ew has no meaning", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(1_000_000, 50)]
    public void Etf_Balanced_IsTheClosedForm(int classes, double budget)
    {
        ToolRun run = ToolRun.Split($"etf --balanced {classes} --ew 1 --eh {budget} --json");
        Assert.Equal(0, run.ExitCode);
        double alpha = classes * Math.Sqrt(budget) / (classes - 1);
        Assert.Equal(alpha, (double)run.Json["alpha"]!, 1e-12);
        Assert.Equal(Math.Log(1 + ((classes - 1) * Math.Exp(-alpha))), (double)run.Json["objective"]!, 1e-12);
    }

    private string Point(Matrix<double> classifier, Matrix<double> means)
    {
        string file = folder.File("point.npz");
        NumpyFiles.Archive(file, ("weight", NumpyFiles.Matrix(classifier)), ("means", NumpyFiles.Matrix(means)));
        return file;
    }
}
