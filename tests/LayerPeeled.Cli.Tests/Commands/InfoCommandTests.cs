using LayerPeeled.Cli.Tests.Support;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Cli.Tests.Commands;

public class InfoCommandTests
{
    [Fact]
    public void Info_Text_NamesTheProvider()
    {
        ToolRun run = ToolRun.Of("info");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(LinearAlgebraProvider.Description, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_LongReasons_StillSayWhichProviderIsInUse() =>
        Assert.Contains($"in use: {LinearAlgebraProvider.Description}", ToolRun.Of("info").Output, StringComparison.Ordinal);

    [Fact]
    public void Info_Json_HasEveryFact()
    {
        ToolRun run = ToolRun.Of("info", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["tool", "version", "linearAlgebra", "linearAlgebraDescription", "threads", "processors", "framework", "operatingSystem", "architecture", "methods", "candidates"],
            run.Json.AsObject().Select(field => field.Key));
        Assert.Equal(LinearAlgebraProvider.Name, (string?)run.Json["linearAlgebra"]);
        Assert.True((int)run.Json["threads"]! >= 1);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("solve --help")]
    [InlineData("verify --help")]
    [InlineData("phase -h")]
    public void Help_AnyCommand_ListsTheExitCodesOnceAtItsEnd(string command)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Output.Split("Exit codes:").Length);
        Assert.DoesNotContain("--", run.Output.Split("Exit codes:")[1], StringComparison.Ordinal);
        Assert.All(Cli.ExitCode.Table, code => Assert.Contains($"  {code.Code}", run.Output.Split("Exit codes:")[1], StringComparison.Ordinal));
    }
}
