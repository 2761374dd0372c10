using System.Diagnostics;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>The tool as a process of its own, which can be killed.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output, error;

    public ToolProcess(params string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        process = Process.Start(new ProcessStartInfo(host, [typeof(Tool).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>Ends the process at once; it cannot catch this.</summary>
    public void Kill() => process.Kill();

    /// <summary>Asks the process to end.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until a file has a number of bytes, or the process has ended.</summary>
    public void WaitForFile(string path, long bytes)
    {
        while (!process.HasExited && (!File.Exists(path) || new FileInfo(path).Length < bytes))
        {
            Thread.Sleep(1);
        }
    }

    public async Task<ToolRun> ResultAsync()
    {
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, await output, await error);
    }

    public void Dispose() => process.Dispose();
}
