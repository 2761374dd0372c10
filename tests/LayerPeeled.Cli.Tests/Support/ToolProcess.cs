using System.Diagnostics;
using System.Globalization;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>The tool as a process of its own, which can be killed.</summary>
internal sealed class ToolProcess : IDisposable
{
    // SIGCONT's bit in the mask of caught signals: the run-time catches it from the moment on at which the tool listens for others.
    private const ulong Continue = 1UL << 17;
    private readonly Process process;
    private readonly Task<string> output, error;

    public ToolProcess(params string[] args)
        : this(new Dictionary<string, string>(), args)
    {
    }

    public ToolProcess(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // Where SIGINT is ignored, as in jobs in the background, so would it be in the tool.
        string[] command = [.. OperatingSystem.IsLinux() ? (string[])["env", "--default-signal=INT", host] : [host], typeof(Tool).Assembly.Location, .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>Ends the process at once; it cannot catch this.</summary>
    public void Kill() => process.Kill();

    /// <summary>Asks the process to end.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until a file has a number of bytes, or the process has ended.</summary>
    public void WaitForFile(string path, long bytes) => WaitUntil(() => File.Exists(path) && new FileInfo(path).Length >= bytes);

    /// <summary>Waits until a signal no longer ends the process, or it has ended. On Linux.</summary>
    public void WaitUntilItListens() => WaitUntil(() =>
    {
        try
        {
            string caught = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
            return (ulong.Parse(caught.AsSpan("SigCgt:".Length), NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & Continue) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    });

    public async Task<ToolRun> ResultAsync()
    {
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        // A test that failed leaves nothing behind.
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    /// <summary>Waits until something holds, or the process has ended.</summary>
    public void WaitUntil(Func<bool> holds)
    {
        while (!process.HasExited && !holds())
        {
            Thread.Sleep(1);
        }
    }
}
