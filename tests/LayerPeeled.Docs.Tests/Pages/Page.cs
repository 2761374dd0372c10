using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A page of the documentation, read as Markdown.</summary>
public sealed class Page
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly MarkdownDocument document;
    private readonly List<string> faults = [];

    /// <param name="name">Its path from the root of the repository, with forward slashes.</param>
    /// <param name="text">Its content.</param>
    public Page(string name, string text)
    {
        Name = name;
        Text = text;
        document = Markdown.Parse(text, Pipeline);
        Blocks = ReadBlocks();
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Its programs and files, from top to bottom.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>Blocks that are against the conventions, and how.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Targets of its links and pictures, with the line of each.</summary>
    public IEnumerable<(string Target, bool IsPicture, int Line)> Links => document.Descendants<LinkInline>().Select(link => (link.Url ?? "", link.IsImage, link.Line + 1));

    /// <summary>The names by which its headings are linked to.</summary>
    public IEnumerable<string> Anchors => document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id ?? "");

    /// <summary>Everything that is set in code within its text.</summary>
    public IEnumerable<(string Text, int Line)> InlineCode => document.Descendants<CodeInline>().Select(code => (code.Content, code.Line + 1));

    /// <summary>Its indented blocks, which hold formulas.</summary>
    public IEnumerable<(string Text, int Line)> IndentedBlocks =>
        document.Descendants<CodeBlock>().Where(block => block is not FencedCodeBlock).Select(block => (block.Lines.ToString(), block.Line + 1));

    /// <summary>Its sections of the second level: what their headings set in code, and all that is set in code below them.</summary>
    public IEnumerable<(string[] Heading, string[] Code)> Sections
    {
        get
        {
            HeadingBlock[] headings = document.OfType<HeadingBlock>().Where(heading => heading.Level == 2).ToArray();
            for (int i = 0; i < headings.Length; i++)
            {
                int start = headings[i].Line, end = i + 1 < headings.Length ? headings[i + 1].Line : int.MaxValue;
                yield return (headings[i].Inline!.Descendants<CodeInline>().Select(code => code.Content).ToArray(),
                    document.Descendants<CodeInline>().Where(code => code.Line > start && code.Line < end).Select(code => code.Content).ToArray());
            }
        }
    }

    private List<Block> ReadBlocks()
    {
        var blocks = new List<Block>();
        bool outputMayFollow = false;
        foreach (Markdig.Syntax.Block node in document.Descendants<Markdig.Syntax.Block>())
        {
            outputMayFollow &= node is not HeadingBlock;
            if (node is not FencedCodeBlock fence)
            {
                continue;
            }

            try
            {
                Read(fence, blocks, ref outputMayFollow);
            }
            catch (FormatException fault)
            {
                faults.Add($"{Name}:{fence.Line + 1}: {fault.Message}");
            }
        }

        return blocks;
    }

    private static void Read(FencedCodeBlock fence, List<Block> blocks, ref bool outputMayFollow)
    {
        string content = fence.Lines.ToString();
        if (fence.Info == "text")
        {
            blocks[^1] = outputMayFollow ? blocks[^1] with { Output = new Output(content, fence.Line + 1, fence.Lines.Count) }
                : throw new FormatException("No program or command stands before this output in its section.");
            outputMayFollow = false;
            return;
        }

        Directives directives = Comments(fence).Aggregate(new Directives(), (all, comment) => all.With(comment));
        BlockKind kind = fence.Info switch
        {
            "sh" => BlockKind.Commands,
            "csharp" => BlockKind.CSharp,
            "python" => BlockKind.Python,
            _ when directives.FileName is not null => BlockKind.File,
            _ => throw new FormatException($"A block begins with ```sh, ```csharp, ```python or ```text, or is a file; this one begins with ```{fence.Info}."),
        };
        blocks.Add(new Block(kind, fence.Line + 1, content, directives));
        outputMayFollow = kind != BlockKind.File;
    }

    // The comments that stand directly before a block, in their order.
    private static IEnumerable<string> Comments(FencedCodeBlock fence)
    {
        ContainerBlock parent = fence.Parent!;
        int last = parent.IndexOf(fence), first = last;
        while (first > 0 && parent[first - 1] is HtmlBlock { Type: HtmlBlockType.Comment })
        {
            first--;
        }

        return parent.Skip(first).Take(last - first).Cast<HtmlBlock>().Select(comment => comment.Lines.ToString());
    }
}
