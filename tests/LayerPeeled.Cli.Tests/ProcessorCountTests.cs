using System.Text.RegularExpressions;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests;

/// <summary>The same command gives the same bytes in another process, and on another number of processors where the linear algebra is the library's own.</summary>
public sealed partial class ProcessorCountTests
{
    [Theory]
    [InlineData("solve --long-tail 170,50000,100 --ew 1 --eh 5 --json")]
    [InlineData("solve --long-tail 170,50000,100 --ew 1 --eh 5 --method nuclear-norm --max-iterations 10 --json")]
    [InlineData("solve --model ufm --long-tail 100,50000,100 --lambda-w 1e-4 --lambda-h 1e-6 --bias --json")]
    [InlineData("solve --model supcon --classes 40x50,40x20,3x7 --eh 5 --json")]
    [InlineData("phase --points 20 --budget-points 5 --csv -")]
    [InlineData("trajectory --classes 3x20,3x2 --steps 300 --csv -")]
    public async Task Command_OnOneTwoAndEightProcessors_PrintsTheSameBytes(string command)
    {
        var outputs = new List<string>();
        foreach (string processors in new[] { "1", "2", "8", "2" })
        {
            var environment = new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = processors, ["LAYERPEELED_BLAS"] = "managed" };
            using var process = new ToolProcess(environment, command.Split(' '));
            ToolRun run = await process.ResultAsync();
            Assert.True(run.ExitCode is 0 or 1, run.Error);
            outputs.Add(Seconds().Replace(run.Output, ""));
        }

        Assert.All(outputs, output => Assert.Equal(outputs[0], output));
    }

    [GeneratedRegex("\"seconds\": [^,\n]*")]
    private static partial Regex Seconds();
}
