using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Data.Targets;

namespace LayerPeeled.Cli.Commands;

/// <summary><c>layerpeeled example words</c>.</summary>
internal sealed class ExampleWordsCommand
{
    private const string StandardInput = "-";

    private readonly Option<string?> text = new("--text") { HelpName = "file", Description = "The text, in UTF-8; - reads standard input. Required." };

    private readonly Option<int?> vocabulary = NumberSyntax.Integer(
        "--vocabulary", "V", "Tokens: so many of the commonest words of the text. Required.", "a whole number of at least 1", 1);

    private readonly Option<int?> contexts = NumberSyntax.Integer(
        "--contexts", "m", "Contexts: so many of the words that stand most often before a token. Default: as many as tokens.", "a whole number of at least 1", 1);

    private readonly Option<string?> output = new("--output") { HelpName = "file.mtx", Description = "The counts as a Matrix Market file, a row a token, a column a context. Required." };

    private readonly Option<string?> names = new("--names") { HelpName = "file", Description = "The tokens, one a line in the order of the rows." };

    private readonly Option<string?> contextNames = new("--context-names") { HelpName = "file", Description = "The contexts, one a line in the order of the columns." };

    private ExampleWordsCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var self = new ExampleWordsCommand();
        var command = new Command("words",
            "Counts which word follows which in a text: the co-occurrence counts of the commonest words, for the Layer-Peeled Model of a language model. Words are " +
            "runs of letters and apostrophes in lower case; of words that are equally common the first in the order of their characters comes first.")
        {
            self.text, self.vocabulary, self.contexts, self.output, self.names, self.contextNames,
        };
        command.SetAction(parsed => self.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        if (parsed.CommandResult.Parent is CommandResult above && above.Children.FirstOrDefault(IsGiven) is { } misplaced)
        {
            string what = misplaced is OptionResult option ? option.Option.Name : misplaced.Tokens[0].Value;
            throw new UsageException($"'{what}' is not allowed before 'words', which has options of its own.");
        }

        string path = parsed.GetValue(text) ?? throw new UsageException("--text is required: the path of a text, or - for standard input.");
        int tokens = parsed.GetValue(vocabulary) ?? throw new UsageException("--vocabulary is required: a whole number of at least 1.");
        string file = parsed.GetValue(output) ?? throw new UsageException("--output is required: the path of the file of counts.");
        var target = new OutputFile("--output", file);
        OutputFile? tokenFile = Optional("--names", parsed.GetValue(names)), contextFile = Optional("--context-names", parsed.GetValue(contextNames));
        WordCounts counts = Count(path, tokens, parsed.GetValue(contexts), terminal);
        TargetTable table = counts.Table;
        target.Write(stream => MatrixMarketWriter.Write(stream, table.Values, "next-word counts: a row a token, a column a context"));
        tokenFile?.Write(stream => NameList.Write(stream, table.Tokens!));
        contextFile?.Write(stream => NameList.Write(stream, table.Contexts!));
        var sheet = new Sheet(terminal);
        sheet.Line($"{counts.Words} words, {counts.DistinctWords} different ones");
        sheet.Line($"{file}: {table.Values.RowCount} tokens × {table.Values.ColumnCount} contexts, {table.Values.NonZeroCount} entries that are not zero, "
            + $"{Sheet.Exact(table.Values.ColumnSums().Sum())} pairs of words");
        return ExitCode.Certified;
    }

    private static WordCounts Count(string path, int tokens, int? contexts, Terminal terminal)
    {
        try
        {
            using Stream stream = path == StandardInput ? terminal.OpenInput() : File.OpenRead(path);
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
            return WordCounts.Count(reader, tokens, contexts);
        }
        catch (TargetFormatException error)
        {
            throw new UsageException($"--text '{path}': {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--text '{path}' cannot be read: {error.Message}");
        }
    }

    private static bool IsGiven(SymbolResult result) => result is ArgumentResult { Tokens.Count: > 0 } or OptionResult { Implicit: false };

    private static OutputFile? Optional(string option, string? path) => path is null ? null : new OutputFile(option, path);
}
