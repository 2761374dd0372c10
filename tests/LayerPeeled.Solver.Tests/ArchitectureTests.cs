using System.Text.RegularExpressions;

namespace LayerPeeled.Solver.Tests;

/// <summary>The rooms of the library and the one direction between them.</summary>
public sealed partial class ArchitectureTests
{
    // Each room may use those before it.
    private static readonly string[] Rooms = ["LinearAlgebra", "Losses", "Model", "Programs", "Certificates", "Geometry", "Solvers", "Family", "Analysis"];

    /// <summary>The folder of the repository.</summary>
    internal static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LayerPeeled.Solver.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }

    private static IEnumerable<(string Room, string File, string Text)> Sources()
    {
        string library = Path.Combine(Root, "src", "LayerPeeled.Solver");
        foreach (string file in Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(library, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is not ("bin" or "obj"))
            {
                yield return (parts[0], Path.GetRelativePath(library, file), File.ReadAllText(file));
            }
        }
    }

    [Fact]
    public void Library_EveryRoom_UsesOnlyRoomsBeforeIt()
    {
        var wrong = new List<string>();
        foreach ((string room, string file, string text) in Sources())
        {
            int own = Array.IndexOf(Rooms, room);
            Assert.True(own >= 0, $"{file}: {room} is not a room");
            foreach (Match match in RoomReference().Matches(text))
            {
                if (Array.IndexOf(Rooms, match.Groups[1].Value) > own)
                {
                    wrong.Add($"{file} uses {match.Value}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Library_EveryFile_HasTheNamespaceOfItsFolderAndOnePublicType()
    {
        var wrong = new List<string>();
        foreach ((_, string file, string text) in Sources())
        {
            string expected = "LayerPeeled.Solver." + Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.');
            if (!text.Contains($"namespace {expected};", StringComparison.Ordinal))
            {
                wrong.Add($"{file} is not in {expected}");
            }

            if (PublicType().Count(text) > 1)
            {
                wrong.Add($"{file} has more than one public type");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Library_NoConsoleFilesOrAmbientClock()
    {
        string[] banned = ["Console.", "File.", "DateTime.Now", "DateTime.UtcNow", "Stopwatch", "Random.Shared", "new Random()"];
        // Finding native libraries is looking at files by nature.
        IEnumerable<string> wrong = Sources().Where(s => s.Room != "LinearAlgebra")
            .SelectMany(s => banned.Where(b => s.Text.Contains(b, StringComparison.Ordinal)).Select(b => $"{s.File} uses {b}"));
        Assert.Empty(wrong);
    }

    // Clocks that someone may set say nothing about how long something took.
    [Fact]
    public void Sources_OfAllProjects_AskNoClockThatCanBeSet()
    {
        string[] banned = ["DateTime.", "DateTimeOffset.", "GetUtcNow", "GetLocalNow", "time.time(", "datetime.now"];
        IEnumerable<string> wrong = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".py" && !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(file => banned.Where(File.ReadAllText(file).Contains).Select(b => $"{Path.GetRelativePath(Root, file)} uses {b}"));
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"LayerPeeled\.Solver\.([A-Z]\w+)")]
    private static partial Regex RoomReference();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |partial )*(?:class|record|struct|interface|enum)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
