using System.Diagnostics;
using System.Text.Json;

namespace LayerPeeled.Cli.Tests;

/// <summary>The tool as a process of its own: standard streams and exit codes as a shell sees them.</summary>
public class ProcessTests
{
    [Fact]
    public async Task Process_SolveJson_PrintsOneDocumentAndExitsZero()
    {
        (int exitCode, string output, string error) = await Run("solve", "--classes", "5x1000,5x10", "--ew", "1", "--eh", "5", "--json");
        Assert.Equal(0, exitCode);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("Optimal", document.RootElement.GetProperty("status").GetString());
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Process_BadUsage_ExitsTwoWithoutAStackTrace()
    {
        (int exitCode, string output, string error) = await Run("solve", "--classes", "5x1000,5x10", "--ew", "minus", "--eh", "5");
        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_CountsOnStandardInput_AreRead()
    {
        (int exitCode, string output, _) = await Run(["solve", "--counts", "-", "--ew", "1", "--eh", "5", "--json"], "100\n10\n5\n");
        Assert.Equal(0, exitCode);
        Assert.Equal(3, JsonDocument.Parse(output).RootElement.GetProperty("classCount").GetInt32());
    }

    private static Task<(int ExitCode, string Output, string Error)> Run(params string[] args) => Run(args, "");

    private static async Task<(int ExitCode, string Output, string Error)> Run(string[] args, string input)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [typeof(Tool).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
