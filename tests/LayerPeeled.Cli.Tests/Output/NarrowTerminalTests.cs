using System.Text.RegularExpressions;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Cli.Output.Solve;
using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Tests.Output;

/// <summary>What every command prints in terminals of all widths holds the numbers that it prints into a pipe, each of them whole.</summary>
public sealed partial class NarrowTerminalTests(SampleFiles files) : IClassFixture<SampleFiles>
{
    private static readonly int[] Widths = [40, 60, 80, 100, 120];

    [Theory]
    [InlineData("solve --classes 5x1000,5x10 --ew 1 --eh 5")]
    [InlineData("solve --classes 3x100,3x30.25,4x7 --weights 1,2.5,4 --ew 1 --eh 5")]
    [InlineData("solve --long-tail 5,100,20 --ew 1 --eh 2 --method nuclear-norm --max-iterations 3")]
    [InlineData("solve --classes 5x500,5x100 --model ufm --lambda-w 0.002 --lambda-h 1.2345e-5 --lambda-b 0.01 --loss mse")]
    [InlineData("solve --classes 5x500,5x100 --model ufm --lambda-w 0.02 --lambda-h 0.02 --features per-class")]
    [InlineData("verify solution.json")]
    [InlineData("verify altered.json")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh 5 --at-ratio 20")]
    [InlineData("threshold --majority 5 --minority 5 --ew 1 --eh 1e6")]
    [InlineData("threshold --long-tail 30,500,100 --ew 1 --eh 2")]
    [InlineData("mitigate --classes 5x1000,5x10 --ew 1 --eh 5 --oversample 3.25 --weakest")]
    [InlineData("etf solution.json")]
    [InlineData("etf --balanced 10 --ew 1 --eh 5")]
    [InlineData("metrics network.npz")]
    [InlineData("diagnose network.npz")]
    [InlineData("figure3 --points-per-decade 1 --to 100000")]
    [InlineData("sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 9")]
    [InlineData("phase --points 5 --budget-points 3")]
    [InlineData("phase --quantity threshold --budget-points 9")]
    [InlineData("info")]
    [InlineData("--help")]
    [InlineData("solve --help")]
    [InlineData("solve --classes 5x1000,5x10 --ew 1 --eh 5 --gap 1234567890.0987654321")]
    [InlineData("solve --classes 5x1000,5x10 --weights 1,2,3 --ew 1 --eh 5")]
    public void EveryCommand_NarrowTerminal_BreaksNoNumber(string command)
    {
        string[] args = [.. command.Split(' ').Select(word => FileName().IsMatch(word) ? files.Path(word) : word)];
        ToolRun wide = ToolRun.InTerminal(null, args);
        Assert.All(Widths, width =>
        {
            ToolRun narrow = ToolRun.InTerminal(width, args);
            Assert.Equal(wide.ExitCode, narrow.ExitCode);
            RequireWholeNumbers(wide.Output + wide.Error, narrow.Output + narrow.Error, width);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Solve_ManyGroups_NarrowTerminal_BreaksNoNumber(bool allGroups)
    {
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 40).Select(k => 3000.0 / k), 1, 5));
        string Text(int? width) => Written(width, sheet => new SolutionReport(sheet, new ClassInput(solution.Model, null, null, []), solution, allGroups).Write());
        Assert.All(Widths, width => RequireWholeNumbers(Text(null), Text(width), width));
    }

    [Fact]
    public void Solve_EightyColumns_FitsWithoutBreakingTheTable()
    {
        string output = ToolRun.InTerminal(80, "solve", "--classes", "5x1000,5x10", "--ew", "1", "--eh", "5").Output;
        Assert.Contains("     1        5   1000  1.965847  9.996699   -0.228283   -0.207707  no\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_NarrowTerminal_RepeatsTheRatiosInEachPart()
    {
        string output = ToolRun.InTerminal(60, "sweep", "--majority", "5", "--minority", "5", "--ew", "1", "--eh", "5", "--points", "5", "--to", "16").Output;
        Assert.Equal(3, output.Split('\n').Count(line => line.TrimStart().StartsWith("16 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Info_NarrowTerminal_BreaksTextsAtSpaces()
    {
        string narrow = ToolRun.InTerminal(60, "info").Output;
        Assert.Contains("nuclear-norm", narrow, StringComparison.Ordinal);
        Assert.Contains("projected-gradient", narrow, StringComparison.Ordinal);
        Assert.True(narrow.Split('\n').Length > ToolRun.InTerminal(null, "info").Output.Split('\n').Length);
    }

    private static string Written(int? width, Action<Sheet> write)
    {
        using var output = new StringWriter();
        write(new Sheet(new Terminal { Output = output, Error = TextWriter.Null, OpenInput = () => Stream.Null, Width = width }));
        return output.ToString();
    }

    private static void RequireWholeNumbers(string wide, string narrow, int width)
    {
        string[] expected = Numbers(wide), actual = Numbers(narrow);
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), actual.Distinct().Order(StringComparer.Ordinal));
        Assert.True(actual.Length >= expected.Length);

        // Only a single word, such as the path of a file, may be longer than a line.
        Assert.All(narrow.Split('\n'), line => Assert.True(WordWrap.Width(line.TrimEnd()) <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
    }

    // A number that goes on in the next line is two numbers.
    private static string[] Numbers(string text) => Number().Matches(Elapsed().Replace(text, "")).Select(match => match.Value).ToArray();

    [GeneratedRegex(@"[-−]?\d+(\.\d+)?(e[+-]?\d+)?")]
    private static partial Regex Number();

    // How long a solve took differs from run to run.
    [GeneratedRegex(@"[\d.]+\s+s\b")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"^\w+\.(npz|json)$")]
    private static partial Regex FileName();
}
