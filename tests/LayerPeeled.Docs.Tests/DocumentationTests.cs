using System.Diagnostics.CodeAnalysis;
using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

/// <summary>The pages that show how to do something.</summary>
public sealed class GuideTests : DocumentationTests<GuideTests.Guides>
{
    public sealed class Guides : IPages
    {
        public static bool Has(string name) => name.Contains("how-to-", StringComparison.Ordinal);
    }
}

/// <summary>The pages that are no guides.</summary>
public sealed class ReferencePageTests : DocumentationTests<ReferencePageTests.Others>
{
    public sealed class Others : IPages
    {
        public static bool Has(string name) => !GuideTests.Guides.Has(name);
    }
}

/// <summary>Some of the pages.</summary>
public interface IPages
{
    static abstract bool Has(string name);
}

/// <summary>
/// Everything that a page of the documentation shows is run, and does what the page says. CONTRIBUTING.md has the conventions. Classes of tests run side by side, so that
/// some of the pages are in one, and the others in another.
/// </summary>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "xunit looks for the data of a theory beside it.")]
public abstract class DocumentationTests<T>
    where T : IPages
{
    public static TheoryData<string, int, string> Blocks
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (string name in Surroundings.PageNames.Where(T.Has))
            {
                IReadOnlyList<Block> blocks = Surroundings.ReadPage(name).Blocks;
                for (int i = 0; i < blocks.Count; i++)
                {
                    data.Add(name, i, blocks[i].Title);
                }
            }

            return data;
        }
    }

    public static TheoryData<string, int, string> PagePictures
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (string name in Surroundings.PageNames.Where(T.Has))
            {
                string[] pictures = [.. Pictures.Of(Surroundings.ReadPage(name))];
                for (int i = 0; i < pictures.Length; i++)
                {
                    data.Add(name, i, pictures[i]);
                }
            }

            return data;
        }
    }

    [Fact]
    public void Pages_EveryBlock_IsKeptToTheConventions()
    {
        string[] faults = [.. Surroundings.PageNames.Where(T.Has).SelectMany(name => Surroundings.ReadPage(name).Faults)];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void Block_RunAfterThoseAboveIt_PrintsWhatThePageShows(string page, int index, string title) =>
        Check(PageReport.Of(page).Blocks[index], $"{page}, {title}");

    [SkippableTheory]
    [MemberData(nameof(PagePictures))]
    public void Picture_OfAPage_IsTheOneItsCommandWrites(string page, int index, string picture) =>
        Check(PageReport.Of(page).Pictures[index], $"{page}, {picture}");

    private static void Check(BlockResult result, string place)
    {
        Skip.If(result.Skipped is not null, result.Skipped);
        Assert.True(result.Failure is null, $"{place}\n{result.Failure}\n\nIf the page is wrong: LAYERPEELED_DOCS=update dotnet test tests/LayerPeeled.Docs.Tests -c Release");
    }
}
