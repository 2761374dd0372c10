using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using LayerPeeled.Cli.Output;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Prints the facts as one JSON document and nothing else." };
        var command = new Command("info", "Says what the tool runs on: version, linear algebra, threads, .NET, operating system.") { json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, bool asJson)
    {
        if (asJson)
        {
            terminal.Output.Write(ToJson());
            return ExitCode.Certified;
        }

        var sheet = new Sheet(terminal);
        sheet.Facts(
        [
            ("layerpeeled", Tool.Version),
            ("linear algebra", LinearAlgebraProvider.Description),
            ("threads", LinearAlgebraProvider.Threads.ToString(CultureInfo.InvariantCulture)),
            ("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            (".NET", RuntimeInformation.FrameworkDescription),
            ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
            ("methods", string.Join(", ", SolverCatalog.All.Select(method => method.Name))),
        ]);
        sheet.Line();
        // Reasons can be long, and a table would drop columns for them.
        sheet.Facts([.. LinearAlgebraProvider.Candidates.Select(c => (c.Name, c.IsInUse ? $"in use: {c.Description}" : c.Description))]);
        return ExitCode.Certified;
    }

    private static string ToJson() => JsonText.Object(json =>
    {
        json.WriteString("tool", "layerpeeled");
        json.WriteString("version", Tool.Version);
        json.WriteString("linearAlgebra", LinearAlgebraProvider.Name);
        json.WriteString("linearAlgebraDescription", LinearAlgebraProvider.Description);
        json.WriteNumber("threads", LinearAlgebraProvider.Threads);
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteString("framework", RuntimeInformation.FrameworkDescription);
        json.WriteString("operatingSystem", RuntimeInformation.OSDescription);
        json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        json.WriteStartArray("methods");
        foreach (SolverEntry method in SolverCatalog.All)
        {
            json.WriteStringValue(method.Name);
        }

        json.WriteEndArray();
        json.WriteStartArray("candidates");
        foreach (LinearAlgebraCandidate candidate in LinearAlgebraProvider.Candidates)
        {
            json.WriteStartObject();
            json.WriteString("name", candidate.Name);
            json.WriteBoolean("inUse", candidate.IsInUse);
            json.WriteString("description", candidate.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
