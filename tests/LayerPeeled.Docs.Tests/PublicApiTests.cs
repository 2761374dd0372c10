using LayerPeeled.Data;
using LayerPeeled.Docs.Tests.Pages;
using LayerPeeled.Solver.Model;
using PublicApiGenerator;

namespace LayerPeeled.Docs.Tests;

/// <summary>What users of the packages can see is written down beside them, so that no change of it goes unnoticed.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<Type> Packages => [typeof(LayerPeeledModel), typeof(SavedSolution)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicSurface_OfAPackage_IsTheOneWrittenDown(Type member)
    {
        string name = member.Assembly.GetName().Name!, path = Path.Combine(Surroundings.Root, "src", name, "PublicApi.txt");
        string surface = member.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (Surroundings.Updates)
        {
            File.WriteAllText(path, surface);
        }

        string[] written = File.ReadAllLines(path), found = surface.TrimEnd('\n').Split('\n');
        string[] changes = [.. written.Except(found).Select(line => $"- {line.Trim()}"), .. found.Except(written).Select(line => $"+ {line.Trim()}")];
        Assert.True(
            written.SequenceEqual(found),
            $"The public surface of {name} has changed:\n{string.Join("\n", changes)}\nIf that is meant: LAYERPEELED_DOCS=update dotnet test tests/LayerPeeled.Docs.Tests -c Release --filter PublicApiTests");
    }
}
