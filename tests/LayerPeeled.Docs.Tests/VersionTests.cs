using System.Text.RegularExpressions;
using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

/// <summary>There is one version, that of Directory.Build.props.</summary>
public class VersionTests
{
    private static readonly string Version = Found("Directory.Build.props", "<Version>(.+?)</Version>");

    [Fact]
    public void Version_OfTheTool_IsThatOfTheProject() =>
        Assert.Equal(new ProgramRun(0, Version + "\n"), ProgramRun.Of(Surroundings.DotnetHost, [Surroundings.Tool, "--version"], Surroundings.Root));

    [Theory]
    [InlineData("CITATION.cff", @"(?m)^version: (.+)$")]
    [InlineData("CHANGELOG.md", @"(?m)^## (\S+) — ")]
    public void Version_OfAFile_IsThatOfTheProject(string file, string pattern) => Assert.Equal(Version, Found(file, pattern));

    private static string Found(string file, string pattern)
    {
        Match match = Regex.Match(File.ReadAllText(Path.Combine(Surroundings.Root, file)), pattern);
        Assert.True(match.Success, $"{file} has no version");
        return match.Groups[1].Value;
    }
}
