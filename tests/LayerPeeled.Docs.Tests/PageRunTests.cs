using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

/// <summary>The checks themselves: pages that are wrong are found out, and what is wrong can be written anew.</summary>
public class PageRunTests
{
    private const string Solved = """
        # A page

        ```sh
        layerpeeled threshold --majority 5 --minority 5 --ew 1 --eh 5
        ```

        prints, among other things,

        ```text
        Minority classifiers coincide if and only if R ≥ R_0 = 12.192447080325948
        …
        budgets                   E_W = 1, E_H = 5, product 5
        …
        ```
        """;

    [Fact]
    public void Run_PageThatIsRight_FindsNothing() => Assert.Equal(new BlockResult(null, null), Assert.Single(Run(Solved)));

    [Theory]
    [InlineData("12.192447080325948", "12.192447180325948")]
    [InlineData("product 5", "product 6")]
    [InlineData("Minority classifiers", "Minority classifier")]
    [InlineData("--majority", "--majorities")]
    [InlineData("--ew 1 --eh 5\n", "--ew 1 --eh 5 | no-such-program\n")]
    [InlineData("layerpeeled threshold", "layerpeeled treshold")]
    [InlineData("```sh", "<!-- exit code: 1 -->\n```sh")]
    public void Run_PageWithAFault_FindsIt(string right, string wrong) => Assert.NotNull(Assert.Single(Run(Replace(Solved, right, wrong))).Failure);

    private const string Compiled = """
        ```csharp
        using LayerPeeled.Solver.Analysis;

        var threshold = MinorityCollapseThreshold.At(5, 5, 5);
        Console.WriteLine($"{threshold.Ratio:f4}");
        ```

        ```text
        12.1924
        ```

        <!-- continues -->
        ```csharp
        using LayerPeeled.Solver.Model;

        var model = LayerPeeledModel.FromClassCounts([5, 5], classifierBudget: 1, featureBudget: 5);
        Console.WriteLine($"{model.ClassCount} classes, {threshold.LogRatio:f4}");
        ```

        ```text
        2 classes, 2.5008
        ```
        """;

    [Fact]
    public void Run_ProgramsThatAreRight_FindsNothing() => Assert.All(Run(Compiled), result => Assert.Equal(new BlockResult(null, null), result));

    [Theory]
    [InlineData("using LayerPeeled.Solver.Analysis;", "", 0)]
    [InlineData("using LayerPeeled.Solver.Model;", "", 1)]
    [InlineData("<!-- continues -->", "", 1)]
    [InlineData("12.1924", "12.1934", 0)]
    [InlineData("2.5008", "2.5018", 1)]
    [InlineData("threshold.Ratio", "threshold.NoSuchProperty", 0)]
    public void Run_ProgramWithAFault_FindsIt(string right, string wrong, int block) => Assert.NotNull(Run(Replace(Compiled, right, wrong))[block].Failure);

    [Fact]
    public void Run_FileOfThePage_IsThereForTheBlocksBelow() => Assert.All(Run("""
        <!-- file: counts.csv -->
        ```csv
        100
        10
        5
        ```

        ```sh
        layerpeeled solve --counts counts.csv --ew 1 --eh 5 --out solution.json
        ```

        ```sh
        layerpeeled verify solution.json
        ```
        """), result => Assert.Equal(new BlockResult(null, null), result));

    [Fact]
    public void Run_ProgramThatIsMissing_SkipsWithItsName() =>
        Assert.Equal("no-such-program is not installed", Assert.Single(Run("<!-- needs: no-such-program -->\n```sh\nno-such-program\n```")).Skipped);

    [SkippableFact]
    public void Run_PythonModuleThatIsMissing_SkipsWithItsNameAndStillParses()
    {
        BlockResult[] results = Run("```python\nimport no_such_module\n```\n\n```python\nimport no_such_module\nprint(1\n```");
        Skip.If(results[0].Skipped == "Python is not installed", results[0].Skipped);
        Assert.Contains("no_such_module", results[0].Skipped, StringComparison.Ordinal);
        Assert.Contains("SyntaxError", results[1].Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```\nlayerpeeled info\n```")]
    [InlineData("```text\noutput of nothing\n```")]
    [InlineData("```sh\nlayerpeeled info\n```\n\n## Another section\n\n```text\noutput\n```")]
    [InlineData("<!-- slwo -->\n```sh\nlayerpeeled info\n```")]
    public void Page_BlockAgainstTheConventions_IsNamed(string text) => Assert.Contains(":", Assert.Single(new Page("page.md", text).Faults), StringComparison.Ordinal);

    [Fact]
    public void Picture_NotWrittenByThePage_IsFound()
    {
        const string Drawn = """
            ```sh
            layerpeeled sweep --majority 5 --minority 5 --ew 1 --eh 5 --points 161 --plot sweep.svg
            ```

            ![](docs/images/sweep.svg)
            """;
        Assert.Null(Assert.Single(Drawings(Drawn)).Failure);
        Assert.NotNull(Assert.Single(Drawings(Replace(Drawn, "--points 161", "--points 160"))).Failure);
        Assert.NotNull(Assert.Single(Drawings(Replace(Drawn, "--plot sweep.svg", ""))).Failure);
    }

    [Fact]
    public void Rewrite_OutputThatHasChanged_ReplacesItAlone()
    {
        string wrong = Replace(Replace(Solved, "12.192447080325948", "12.2"), "product 5", "product 6");
        Assert.Equal(Solved, PageUpdate.Rewrite(new Page("page.md", wrong), Run(wrong)));
        string programs = Replace(Replace(Compiled, "12.1924", "12\nand more"), "2.5008", "2");
        Assert.Equal(Compiled, PageUpdate.Rewrite(new Page("page.md", programs), Run(programs)));
        Assert.Equal(Compiled, PageUpdate.Rewrite(new Page("page.md", Compiled), Run(Compiled)));
    }

    [Fact]
    public void Rewrite_LinesThatAgree_StayAsTheyAre()
    {
        const string Shown = """
            <!-- varies: 17 -->
            ```sh
            printf '%s\n' 'relative gap 3e-15' '16 points in 0.5 s' '5 of 10 collapsed' end
            ```

            ```text
            relative gap 2e-15
            17 points in 1.25 s
            4 of 10 collapsed
            …
            ```
            """;
        Assert.Equal(Replace(Shown, "4 of 10", "5 of 10"), PageUpdate.Rewrite(new Page("page.md", Shown), Run(Shown)));
    }

    [Fact]
    public void Rewrite_NothingLeftAroundAnElision_LeavesTheOutput()
    {
        string wrong = Replace(Solved, "budgets                   E_W", "a line that has gone: E_W");
        Assert.Equal(wrong, PageUpdate.Rewrite(new Page("page.md", wrong), Run(wrong)));
    }

    private static string Replace(string text, string part, string by)
    {
        Assert.Contains(part, text, StringComparison.Ordinal);
        return text.Replace(part, by, StringComparison.Ordinal);
    }

    private static BlockResult[] Run(string text) => [.. PageRun.Of(new Page("page.md", text))];

    private static IReadOnlyList<BlockResult> Drawings(string text)
    {
        var page = new Page("page.md", text);
        return PageRun.Of(page, (run, results) => Pictures.Compare(page, results, run.Folder));
    }
}
