using System.Collections.Concurrent;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A page of the repository, what became of its blocks and of its pictures.</summary>
public sealed record PageReport(Page Page, IReadOnlyList<BlockResult> Blocks, IReadOnlyList<BlockResult> Pictures)
{
    private static readonly ConcurrentDictionary<string, Lazy<PageReport>> Reports = new();

    /// <summary>The report on a page, which is run when it is first asked for.</summary>
    /// <param name="name">The page's path from the root of the repository.</param>
    public static PageReport Of(string name) => Reports.GetOrAdd(name, _ => new(() => Make(name))).Value;

    private static PageReport Make(string name)
    {
        Page page = Surroundings.ReadPage(name);
        PageReport report = PageRun.Of(page, (run, results) => new PageReport(page, results, Docs.Tests.Pages.Pictures.Compare(page, results, run.Folder)));
        return Surroundings.Updates ? report.Updated() : report;
    }

    // What a page shows is replaced; a program that fails still fails.
    private PageReport Updated()
    {
        var page = new Page(Page.Name, PageUpdate.Rewrite(Page, Blocks));
        if (page.Text != Page.Text)
        {
            File.WriteAllText(Path.Combine(Surroundings.Root, page.Name), page.Text);
        }

        foreach ((string picture, BlockResult result) in Docs.Tests.Pages.Pictures.Of(page).Zip(Pictures))
        {
            if (result.Printed is not null)
            {
                File.WriteAllText(Path.Combine(Surroundings.Root, picture), result.Printed);
            }
        }

        var right = new BlockResult(null, null);
        return new PageReport(
            page,
            [.. Blocks.Zip(page.Blocks, (result, block) => result.Printed is string printed
                && OutputComparison.Difference(block.Output!.Text, printed, block.Directives) is null ? right : result)],
            [.. Pictures.Select(result => result.Printed is null ? result : right)]);
    }
}
