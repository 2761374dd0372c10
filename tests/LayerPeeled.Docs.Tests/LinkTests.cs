using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

/// <summary>Links inside the repository lead somewhere.</summary>
public class LinkTests
{
    [Fact]
    public void Pages_LinksAndPicturesInTheRepository_Exist()
    {
        string[] broken = [.. from name in Surroundings.PageNames
                              from link in Surroundings.ReadPage(name).Links
                              where !link.Target.Contains("://", StringComparison.Ordinal) && !Leads(name, link.Target)
                              select $"{name}:{link.Line}: {link.Target}"];
        Assert.True(broken.Length == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Pages_EveryPicture_IsShownByAPage()
    {
        string[] shown = [.. Surroundings.PageNames.SelectMany(name => Pictures.Of(Surroundings.ReadPage(name)))];
        string[] stored = [.. Directory.GetFiles(Path.Combine(Surroundings.Root, "docs", "images")).Select(file => "docs/images/" + Path.GetFileName(file))];
        Assert.Empty(stored.Except(shown));
    }

    private static bool Leads(string page, string target)
    {
        string[] parts = target.Split('#');
        string linked = parts[0] is "" ? page : Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        string file = Path.Combine(Surroundings.Root, linked);
        return (File.Exists(file) || Directory.Exists(file)) && (parts.Length == 1 || Surroundings.ReadPage(linked).Anchors.Contains(parts[1]));
    }
}
