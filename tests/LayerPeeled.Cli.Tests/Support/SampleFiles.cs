namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A network, a saved solution and one that claims another objective, made once for the tests of a class.</summary>
public sealed class SampleFiles : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SampleFiles()
    {
        new SyntheticNetwork().Save(Path("network.npz"));
        ToolRun.Of("solve", "--classes", "3x100,4x30.5,3x7", "--ew", "1", "--eh", "2", "--out", Path("solution.json"));
        File.WriteAllText(Path("altered.json"), File.ReadAllText(Path("solution.json")).Replace("\"objective\": 0.", "\"objective\": 0.1", StringComparison.Ordinal));
    }

    /// <summary>The path of one of them.</summary>
    public string Path(string name) => folder.File(name);

    public void Dispose() => folder.Dispose();
}
