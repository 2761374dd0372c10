using System.Diagnostics;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>One program that has run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed, on both streams.</param>
public sealed record ProgramRun(int ExitCode, string Output)
{
    /// <param name="program">A program on the path, or its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="variables">Changes of its environment; null takes a variable out.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ProgramRun Of(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output.Result + error.Result);
    }
}
