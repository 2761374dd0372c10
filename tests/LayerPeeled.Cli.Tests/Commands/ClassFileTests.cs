using System.Text.Json.Nodes;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

/// <summary>What every command does with a file of classes.</summary>
public sealed class ClassFileTests : IDisposable
{
    private const string Named = "name;count\ncat;900\n\"dog; small\";900\nox;3\nfly;3\n";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("solve")]
    [InlineData("threshold")]
    [InlineData("mitigate")]
    public void Run_FileWithNames_PrintsClassesExamplesSourceAndNames(string command)
    {
        ToolRun run = ToolRun.Of(command, "--counts", folder.File("pets.csv", Named), "--ew", "1", "--eh", "5");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("classes +4|4 classes", run.Output);
        Assert.Matches("examples +1806|1806 examples", run.Output);
        Assert.Contains("(read from column 'count' of pets.csv)", run.Output, StringComparison.Ordinal);
        Assert.Contains("ox, fly", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("solve", null)]
    [InlineData("threshold", "namesBelowCriticalSize")]
    [InlineData("mitigate", "minorityClassNames")]
    public void Run_FileWithNamesAsJson_HasExamplesSourceAndNames(string command, string? names)
    {
        JsonNode json = ToolRun.Of(command, "--counts", folder.File("pets.csv", Named), "--ew", "1", "--eh", "5", "--json").Json;
        Assert.Equal(4, (int)json["classCount"]!);
        Assert.Equal(1806, (double)json["examples"]!);
        Assert.Equal("read from column 'count' of pets.csv", (string?)json["source"]);
        JsonNode found = names is not null ? json[names]! : json["groups"]![1]!["names"]!;
        Assert.Equal(["ox", "fly"], found.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public void Solve_ClassesOnTheCommandLine_PrintsHowManyExamples()
    {
        ToolRun run = ToolRun.Split("solve --classes 5x1000,5x10 --ew 1 --eh 5");
        Assert.Matches("classes +10\n", run.Output);
        Assert.Matches("examples +5050\n", run.Output);
    }

    [Fact]
    public void Solve_OutWithNames_KeepsThemInTheFile()
    {
        string file = folder.File("solution.json");
        Assert.Equal(0, ToolRun.Of("solve", "--counts", folder.File("pets.csv", Named), "--ew", "1", "--eh", "5", "--out", file).ExitCode);
        JsonNode model = JsonNode.Parse(File.ReadAllText(file))!["model"]!;
        Assert.Equal(["cat", "dog; small", "ox", "fly"], model["classNames"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(0, ToolRun.Of("verify", file).ExitCode);
    }

    [Fact]
    public void Threshold_CsvWithNames_HasAColumnOfThem()
    {
        ToolRun run = ToolRun.Of("threshold", "--counts", folder.File("pets.csv", Named), "--ew", "1", "--eh", "5", "--csv", "-");
        Assert.StartsWith("class,name,count,", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n1,dog; small,900,", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwoColumnsOfCounts_IsRefusedAndColumnChooses()
    {
        string file = folder.File("split.csv", "class,train,val\na,100,1\nb,50,2\n");
        ToolRun refused = ToolRun.Of("solve", "--counts", file, "--ew", "1", "--eh", "5");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--column NAME or NUMBER", refused.Error, StringComparison.Ordinal);
        foreach (string column in new[] { "train", "2" })
        {
            ToolRun run = ToolRun.Of("solve", "--counts", file, "--column", column, "--ew", "1", "--eh", "5", "--json");
            Assert.Equal(150, (double)run.Json["examples"]!);
        }
    }

    [Fact]
    public void Run_ListOfExamples_IsRefusedAndCountLabelsCountsIt()
    {
        string file = folder.File("train.txt", "a/1.jpg 0\na/2.jpg 0\na/3.jpg 0\nb/1.jpg 1\nb/2.jpg 1\n");
        ToolRun refused = ToolRun.Of("threshold", "--counts", file, "--ew", "1", "--eh", "5");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--count-labels", refused.Error, StringComparison.Ordinal);
        ToolRun counted = ToolRun.Of("threshold", "--counts", file, "--count-labels", "--ew", "1", "--eh", "5", "--json");
        ToolRun labels = ToolRun.Of("threshold", "--labels", file, "--ew", "1", "--eh", "5", "--json");
        Assert.Equal(counted.Output, labels.Output);
        Assert.Equal([3, 2], labels.Json["groups"]!.AsArray().Select(group => (int)group!["count"]!));
        Assert.Equal("labels counted in column 2 of train.txt", (string?)labels.Json["source"]);
    }

    [Fact]
    public void Run_LabelsFromNumpy_AreCounted()
    {
        string file = folder.File("labels.npy");
        File.WriteAllBytes(file, NumpyFiles.Labels(7, 3, 7, 7));
        JsonNode json = ToolRun.Of("solve", "--labels", file, "--ew", "1", "--eh", "5", "--json").Json;
        Assert.Equal(["3", "7"], json["model"]!["classNames"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(4, (double)json["examples"]!);
    }

    [Fact]
    public void Run_AssumptionInReading_IsANoteInTextAndJson()
    {
        string file = folder.File("plain.csv", "0,100\n1,50\n");
        Assert.Contains("column 2 was taken", ToolRun.Of("solve", "--counts", file, "--ew", "1", "--eh", "5").Output, StringComparison.Ordinal);
        JsonNode json = ToolRun.Of("threshold", "--counts", file, "--ew", "1", "--eh", "5", "--json").Json;
        Assert.Contains(json["notes"]!.AsArray(), note => ((string)note!).Contains("column 2 was taken", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WeightsInAnotherOrderOfTheSameNames_BelongToTheNames()
    {
        string weights = folder.File("weights.csv", "name,weight\nfly,4\nox,3\n\"dog; small\",2\ncat,1\n");
        JsonNode json = ToolRun.Of("solve", "--counts", folder.File("pets.csv", Named), "--weights", weights, "--ew", "1", "--eh", "5", "--json").Json;
        Assert.Equal([("cat", 1.0), ("dog; small", 2), ("fly", 4), ("ox", 3)],
            json["groups"]!.AsArray().Select(group => ((string)group!["names"]![0]!, (double)group["weight"]!)).OrderBy(pair => pair.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public void Run_WeightsOfOtherNames_AreTakenInOrderAndNoted()
    {
        string weights = folder.File("weights.csv", "name,weight\na,1\nb,1\nc,4\nd,3\n");
        JsonNode json = ToolRun.Of("solve", "--counts", folder.File("pets.csv", Named), "--weights", weights, "--ew", "1", "--eh", "5", "--json").Json;
        Assert.Contains(json["notes"]!.AsArray(), note => ((string)note!).Contains("named otherwise", StringComparison.Ordinal));
        Assert.Equal(["ox"], json["groups"]!.AsArray().First(group => (double)group!["weight"]! == 4)!["names"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public void Etf_CountsFromAFile_ArePrinted()
    {
        var network = new SyntheticNetwork();
        string point = folder.File("point.npz");
        NumpyFiles.Archive(point, ("weight", NumpyFiles.Matrix(network.Optimum.Classifier)), ("means", NumpyFiles.Matrix(network.Optimum.ClassMeans)));
        string counts = folder.File("counts.json", "[60, 60, 60, 60, 60, 2, 2, 2, 2, 2]");
        ToolRun run = ToolRun.Of("etf", point, "--counts", counts, "--ew", "1", "--eh", "5");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("310 (read from counts.json)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NamesWithControlCharacters_StayOnTheirLine()
    {
        ToolRun run = ToolRun.Of("solve", "--counts", folder.File("odd.json", "{\"a\\u001b[31m\\nb\": 9, \"c\": 5}"), "--ew", "1", "--eh", "5");
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Contains("a?[31m?b", run.Output, StringComparison.Ordinal);
    }
}
