using System.Text.RegularExpressions;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>The pictures of a page are the files that its commands write.</summary>
public static partial class Pictures
{
    /// <summary>Pictures of a page that lie in the repository: their paths from its root.</summary>
    public static IEnumerable<string> Of(Page page) => page.Links.Where(link => link.IsPicture && !link.Target.Contains("://", StringComparison.Ordinal))
        .Select(link => Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(page.Name)!, link.Target)).Replace('\\', '/'));

    /// <summary>Compares the pictures of a page with what its blocks left in their folder under the same names.</summary>
    /// <param name="page">The page.</param>
    /// <param name="results">What became of its blocks.</param>
    /// <param name="folder">Where they ran.</param>
    /// <returns>A result for each of <see cref="Of"/>; what was printed is the new picture.</returns>
    public static IReadOnlyList<BlockResult> Compare(Page page, IReadOnlyList<BlockResult> results, string folder) => Of(page).Select(picture =>
    {
        string name = Path.GetFileName(picture), written = Path.Combine(folder, name), stored = Path.Combine(folder, picture);
        Block? block = page.Blocks.FirstOrDefault(block => block.Text.Contains(name, StringComparison.Ordinal));
        if (block is null)
        {
            return new BlockResult(null, $"no command on {page.Name} writes {name}");
        }

        if (!File.Exists(written))
        {
            string? skipped = results[page.Blocks.ToList().IndexOf(block)].Skipped;
            return new BlockResult(skipped, skipped is null ? $"{block.Title} did not write {name}" : null);
        }

        string text = File.ReadAllText(written);
        string? difference = File.Exists(stored) ? OutputComparison.Difference(Spread(File.ReadAllText(stored)), Spread(text), new Directives()) : $"there is no {picture}";
        return new BlockResult(null, difference) { Printed = difference is null ? null : text };
    }).ToArray();

    // Coordinates stand by themselves, so that their last digits need not agree.
    private static string Spread(string svg) => Edge().Replace(svg, " ");

    [GeneratedRegex(@"(?<=[A-Za-z])(?=[-\d.])|,")]
    private static partial Regex Edge();
}
