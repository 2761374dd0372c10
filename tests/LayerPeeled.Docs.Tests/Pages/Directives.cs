using System.Globalization;
using System.Text.RegularExpressions;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>What the HTML comments right before a block say about it. CONTRIBUTING.md lists them.</summary>
public sealed partial record Directives
{
    public bool IsSlow { get; private init; }

    /// <summary>Why the block is not run; null for one that is.</summary>
    public string? NotRun { get; private init; }

    public int ExitCode { get; private init; }

    /// <summary>Significant digits that are compared; more are left out of account.</summary>
    public int Digits { get; private init; } = 10;

    /// <summary>Numbers of the output, as they are written there, that may come out as any others.</summary>
    public IReadOnlySet<string> Varying { get; private init; } = new HashSet<string>();

    /// <summary>Programs without which the block is skipped; where one stands with arguments, it has to succeed with them.</summary>
    public IReadOnlyList<string> Needs { get; private init; } = [];

    /// <summary>Whether the program goes on where the one before it on the page ends.</summary>
    public bool Continues { get; private init; }

    /// <summary>The file that a reader puts the block into; null if it stays on the page.</summary>
    public string? FileName { get; private init; }

    /// <summary>Reads one comment.</summary>
    /// <exception cref="FormatException">It is none of the directives.</exception>
    public Directives With(string comment)
    {
        string text = Comment().Match(comment) is { Success: true } match ? match.Groups[1].Value : throw Unknown(comment);
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        string value = parts.Length == 2 ? parts[1] : "";
        return (parts[0], value) switch
        {
            ("slow", "") => this with { IsSlow = true },
            ("continues", "") => this with { Continues = true },
            ("not run", not "") => this with { NotRun = value },
            ("exit code", not "") => this with { ExitCode = int.Parse(value, CultureInfo.InvariantCulture) },
            ("digits", not "") => this with { Digits = int.Parse(value, CultureInfo.InvariantCulture) },
            ("varies", not "") => this with { Varying = List(value).ToHashSet() },
            ("needs", not "") => this with { Needs = List(value) },
            ("file", not "") => this with { FileName = value },
            _ => throw Unknown(comment),
        };
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static FormatException Unknown(string comment) => new(
        $"'{comment.Trim()}' stands before a block and is none of: slow, continues, not run: REASON, exit code: N, digits: N, varies: NUMBERS, needs: PROGRAMS, file: NAME.");

    [GeneratedRegex(@"^\s*<!--\s*(.*?)\s*-->\s*$", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
