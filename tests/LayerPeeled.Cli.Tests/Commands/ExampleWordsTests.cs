using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Data.Targets;

namespace LayerPeeled.Cli.Tests.Commands;

public sealed class ExampleWordsTests
{
    private const string Text = "The cat sat on the mat. The dog sat on the cat, and the cat\nslept; don't wake the cat!";

    [Fact]
    public void Words_SmallText_WritesCountsAndNames()
    {
        using var folder = new TemporaryFolder();
        string counts = folder.File("counts.mtx"), tokens = folder.File("tokens.txt"), contexts = folder.File("contexts.txt");
        ToolRun run = ToolRun.Of(
            "example", "words", "--text", folder.File("text.txt", Text), "--vocabulary", "4", "--contexts", "3", "--output", counts, "--names", tokens, "--context-names", contexts);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("20 words, 10 different ones", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{counts}: 4 tokens × 3 contexts, 3 entries that are not zero, 8 pairs of words", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("the\ncat\non\nsat\n", File.ReadAllText(tokens));
        // 'the' stands 4 times before a token, 'on' and 'sat' twice, the others once.
        Assert.Equal("the\non\nsat\n", File.ReadAllText(contexts));
        Assert.Equal(
            "%%MatrixMarket matrix coordinate integer general\n% next-word counts: a row a token, a column a context\n4 3 3\n2 1 4\n1 2 2\n3 3 2\n", File.ReadAllText(counts));
        Assert.Equal([4.0, 2, 2], TargetReader.ReadFile(counts).Values.ColumnSums());

        string again = folder.File("again.mtx");
        Assert.Equal(0, ToolRun.With(Text, CancellationToken.None, "example", "words", "--text", "-", "--vocabulary", "4", "--contexts", "3", "--output", again).ExitCode);
        Assert.Equal(File.ReadAllBytes(counts), File.ReadAllBytes(again));
    }

    [Fact]
    public void Words_ArgumentsOfTheCommandAbove_AreRefusedAndNotInTheHelp()
    {
        string help = ToolRun.Split("example words --help").Output;
        Assert.Contains(" example words [options]", help, StringComparison.Ordinal);
        Assert.DoesNotContain("network.npz", help, StringComparison.Ordinal);
        Assert.Contains("<network.npz>", ToolRun.Split("example --help").Output, StringComparison.Ordinal);
        foreach (string given in new[] { "network.npz", "--seed 3" })
        {
            ToolRun run = ToolRun.Split($"example {given} words --text a --vocabulary 3 --output b");
            Assert.Equal(2, run.ExitCode);
            Assert.Contains($"'{given.Split(' ')[0]}' is not allowed before 'words'", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--text is required", "--vocabulary 3 --output out.mtx")]
    [InlineData("--vocabulary is required", "--text text.txt --output out.mtx")]
    [InlineData("--output is required", "--text text.txt --vocabulary 3")]
    [InlineData("--vocabulary '0' is not allowed: it must be a whole number of at least 1", "--text text.txt --vocabulary 0 --output out.mtx")]
    [InlineData("--text 'none.txt' cannot be read", "--text none.txt --vocabulary 3 --output out.mtx")]
    [InlineData("The text has 0 words", "--text digits.txt --vocabulary 3 --output out.mtx")]
    [InlineData("--output 'no/out.mtx' cannot be written", "--text text.txt --vocabulary 3 --output no/out.mtx")]
    public void Words_WrongCommandLine_IsNamedAndWritesNothing(string message, string options)
    {
        using var folder = new TemporaryFolder();
        folder.File("text.txt", Text);
        folder.File("digits.txt", "1 2 3");
        string[] args = [.. options.Split(' ').Select(arg => arg.Contains('.', StringComparison.Ordinal) && arg != "none.txt" && arg[0] != 'n' ? folder.File(arg) : arg)];
        ToolRun run = ToolRun.Of(["example", "words", .. args]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, folder.Files.Length);
    }
}
