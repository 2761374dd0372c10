using System.Text.RegularExpressions;
using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

/// <summary>What the pages say about options, against what the tool's help says.</summary>
public partial class CommandLineTests
{
    private static readonly Lazy<Dictionary<string, HashSet<string>>> Commands = new(() =>
    {
        IEnumerable<string> names = Part(Help(), "Commands:").Select(line => line.Split(' ')[0]);
        return names.ToDictionary(name => name, name => Helps(name).SelectMany(help => Part(help, "Options:")).SelectMany(line => Options(line.Split("  ")[0]))
            .Except(["--help"]).ToHashSet());
    });

    // Of a command and of those below it.
    private static IEnumerable<string> Helps(string name)
    {
        string help = Help(name);
        return Part(help, "Commands:").Select(line => Help(name, line.Split(' ')[0])).Prepend(help);
    }

    [Fact]
    public void CommandLinePage_EveryOptionOfEveryCommand_IsInASectionOfTheCommand()
    {
        (string[] Heading, string[] Code)[] sections = [.. Surroundings.ReadPage("docs/command-line.md").Sections];
        string[] missing = [.. from command in Commands.Value
                               let described = sections.Where(section => section.Heading.Contains(command.Key)).SelectMany(section => section.Code).SelectMany(Options).ToHashSet()
                               from option in command.Value
                               where !described.Contains(option)
                               select $"{command.Key} {option}"];
        Assert.True(missing.Length == 0, "Not described in docs/command-line.md: " + string.Join(", ", missing));
    }

    [Fact]
    public void Pages_EveryCommandWritten_HasTheOptionsItIsWrittenWith()
    {
        string[] wrong = [.. from name in Surroundings.PageNames
                             let page = Surroundings.ReadPage(name)
                             let blocks = page.Blocks.Where(block => block.Kind == BlockKind.Commands)
                                 .SelectMany(block => block.Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(text => (Text: text, block.Line)))
                             // The benchmark program has options of its own.
                             let inline = page.InlineCode.Where(code => name != "docs/benchmarks.md" || !code.Text.StartsWith("--", StringComparison.Ordinal))
                             from code in inline.Concat(blocks)
                             from fault in Faults(code.Text)
                             select $"{name}:{code.Line}: {fault}"];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Pages_IndentedBlocks_HoldNoCommands()
    {
        string[] wrong = [.. from name in Surroundings.PageNames
                             from block in Surroundings.ReadPage(name).IndentedBlocks
                             where block.Text.Split('\n').Any(line => line.TrimStart().StartsWith("layerpeeled ", StringComparison.Ordinal) || line.TrimStart().StartsWith("dotnet ", StringComparison.Ordinal))
                             select $"{name}:{block.Line}: a command stands in a fenced block, or nobody runs it"];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("layerpeeled solve --classes 5x1000 --budget 3", "solve has no option --budget")]
    [InlineData("dotnet run -c Release --project src/LayerPeeled.Cli -- sovle --ew 1", "there is no command 'sovle'")]
    [InlineData("--no-such-option 3", "no command has the option --no-such-option")]
    [InlineData("OPENBLAS_NUM_THREADS=1 layerpeeled info --json | jq --raw-output .library", null)]
    [InlineData("layerpeeled solve --classes 5x1000,5x10 --ew 1 --eh 5", null)]
    public void Faults_OfACommand_NamesWhatDoesNotExist(string code, string? fault) => Assert.Equal(fault is null ? [] : [fault], Faults(code));

    // What is wrong with a command line, or with an option written by itself.
    private static IEnumerable<string> Faults(string code)
    {
        if (Call().Match(code) is { Success: true } call)
        {
            string name = call.Groups[1].Value;
            return !Commands.Value.TryGetValue(name, out HashSet<string>? known) ? [$"there is no command '{name}'"]
                : Options(call.Groups[2].Value).Where(option => !known.Contains(option)).Select(option => $"{name} has no option {option}");
        }

        return !code.StartsWith("--", StringComparison.Ordinal) ? []
            : Options(code).Where(option => !Commands.Value.Values.Any(known => known.Contains(option))).Select(option => $"no command has the option {option}");
    }

    private static string Help(params string[] command)
    {
        ProgramRun run = ProgramRun.Of(Surroundings.DotnetHost, [Surroundings.Tool, .. command, "--help"], Surroundings.Root);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }

    // The entries of one part of a help text; lines further in go on with the entry before them.
    private static IEnumerable<string> Part(string help, string heading) => help.ReplaceLineEndings("\n").Split('\n').SkipWhile(line => line != heading).Skip(1)
        .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line[2..]).Where(line => line is not "" && line[0] is not ' ');

    private static IEnumerable<string> Options(string text) => Option().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*[a-z](?![\w-])")]
    private static partial Regex Option();

    // Up to a pipe or another end of the command.
    [GeneratedRegex(@"^(?:\w+=\S+ )*(?:layerpeeled|dotnet run -c Release --project src/LayerPeeled\.Cli --) ([a-z]\w*)([^|;&>]*)")]
    private static partial Regex Call();
}
