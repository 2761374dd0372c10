using System.Text;
using System.Text.Json.Nodes;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>One run of the tool in this process, with its streams captured.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public JsonNode Json => JsonNode.Parse(Output)!;

    public static ToolRun Of(params string[] args) => With("", CancellationToken.None, args);

    public static ToolRun With(string input, CancellationToken token, params string[] args) => Run(input, null, args, token);

    /// <summary>In a terminal of so many columns; null stands for a pipe.</summary>
    public static ToolRun InTerminal(int? width, params string[] args) => Run("", width, args, CancellationToken.None);

    public static ToolRun Split(string command) => Of(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ToolRun Run(string input, int? width, string[] args, CancellationToken token)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Width = width,
            ErrorWidth = width,
        };
        int exitCode = Tool.Run(args, terminal, () => token);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}
