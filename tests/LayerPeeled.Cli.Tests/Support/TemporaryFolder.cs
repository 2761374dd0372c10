namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A folder of the test's own, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("layerpeeled-");

    public string Path => folder.FullName;

    public string[] Files => Directory.GetFiles(Path);

    public string File(string name, string? content = null)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (content is not null)
        {
            System.IO.File.WriteAllText(path, content);
        }

        return path;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
