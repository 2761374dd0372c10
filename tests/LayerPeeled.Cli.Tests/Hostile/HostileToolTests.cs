using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LayerPeeled.Cli.Output.Sweeps;
using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Hostile;

/// <summary>The tool on files that are made to harm: one line that says what is wrong, the exit code of wrong input, and no file but those that were there.</summary>
public sealed class HostileToolTests : IDisposable
{
    private static readonly byte[] ManyColumns = NumpyFiles.Numbers<byte>("|u1", [5, 2_000_000_000], 1, 2, 3);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Metrics_HeaderThatAnnouncesMoreThanIsThere_IsRefused()
    {
        string path = folder.File("network.npz");
        NumpyFiles.Archive(path, ("features", ManyColumns), ("labels", NumpyFiles.Labels(0, 1, 0, 1, 0)));
        AssertRefused("array 'features': the data end early: 10000000000 bytes expected for UInt8 (5, 2000000000), 3 found", "metrics", path);
        NumpyFiles.Archive(folder.File("labels.npz"), ("features", NumpyFiles.Vector(1, 2)), ("labels", ManyColumns));
        AssertRefused("array 'labels': the data end early", "metrics", folder.File("labels.npz"));
        NumpyFiles.Archive(path, ("features", NumpyFiles.Numbers<byte>("|u1", [5, 0])), ("labels", NumpyFiles.Labels(0, 1, 0, 1, 0)));
        AssertRefused("features", "metrics", path);
    }

    [Fact]
    public void Commands_ArchiveWhoseNamesArePaths_WriteNothing()
    {
        string path = folder.File("paths.npz");
        NumpyFiles.Archive(path, ("../features", NumpyFiles.Vector(1, 2)), ("/tmp/labels", NumpyFiles.Labels(0, 1)), ("..\\..\\counts", NumpyFiles.Vector(5, 3)), ("\u001b[31mred", NumpyFiles.Vector(1)));
        AssertRefused("there is no array 'labels'; the archive has '../features', '/tmp/labels', '..\\..\\counts', '\\u001B[31mred'", "metrics", path);
        AssertRefused("is an archive of arrays", "verify", path);
        AssertRefused("no array 'counts'", "solve", "--counts", path, "--ew", "1", "--eh", "1");
        Assert.False(File.Exists(Path.Combine(folder.Path, "..", "features.npy")));
    }

    [Fact]
    public void Merge_ShardWithRightChecksumsAndWrongContent_IsRefused()
    {
        string path = folder.File("2-of-3.shard");
        foreach ((string found, string put) in new[]
        {
            ("points 6", "points 99999999999"), ("points 6", "points -1"), ("seconds-per-point 1", "seconds-per-point x"), ("shard 2/3", "shard 3/2"), ("shard 2/3", "shard 2147483648/2147483648"),
            ("1 3ff0000000000000", "99999999999 3ff0000000000000"), ("1 3ff0000000000000", "1 3ff00000000000000000"), ("1 3ff0000000000000", "-5 3ff0000000000000"), ("1 3ff0000000000000", "1 xyz"),
        })
        {
            File.WriteAllBytes(path, Shard(found, put));
            AssertRefused("is damaged", "merge", path);
        }

        // Two thousand million shards that are missing are not listed one by one.
        File.WriteAllBytes(path, Shard("shard 2/3", "shard 2/2147483647"));
        AssertRefused("of 2147483647 shards these are missing: 1,3-2147483647", "merge", path);
    }

    [Theory]
    [InlineData("solve --classes 2x1,2x1 --ew 1 --eh 1", "'solve' is no sweep")]
    [InlineData("sweep @secret", "@secret")]
    [InlineData("", "'' is no sweep")]
    [InlineData("\u001b[31mred", "'?[31mred' is no sweep")]
    public void Merge_ShardOfAnotherCommand_IsNotRun(string command, string expected)
    {
        string path = folder.File("1-of-1.shard");
        File.WriteAllText(folder.File("secret"), "--points 80");
        File.WriteAllBytes(path, Shard("shard 2/3", "shard 1/1", "command sweep --points 80", $"command {command}", "1 3ff0000000000000\n", ""));
        AssertRefused(expected, "merge", path);
    }

    [Fact]
    public void Open_StateWithALongTailAndNoLineEnd_IsCutOff()
    {
        // Zeros at the end are what some file systems leave of an append that a power failure cut short.
        string path = folder.File("state");
        const string Header = "layerpeeled-sweep-state 1 abc\n";
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(Header), .. new byte[5_000_000]]);
        using (new SweepStateFile(path))
        {
        }

        Assert.Equal(Header, File.ReadAllText(path));
    }

    [Fact]
    public void Verify_BombOfZeros_IsRefused()
    {
        string path = folder.File("bomb.npz");
        using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("solution.json", CompressionLevel.Optimal).Open();
            var block = new byte[1 << 20];
            for (int i = 0; i < 300; i++)
            {
                entry.Write(block);
            }
        }

        AssertRefused("expand to 314572800 in memory", ExitCode.ClaimFails, "verify", path, "--json");
    }

    private void AssertRefused(string expected, params string[] args) => AssertRefused(expected, ExitCode.Usage, args);

    private void AssertRefused(string expected, int exitCode, params string[] args)
    {
        string[] before = folder.Files;
        ToolRun run = ToolRun.Of(args);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, run.Error + run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Error.TrimEnd('\n'), char.IsControl);
        Assert.Equal(before, folder.Files);
    }

    private static byte[] Shard(params string[] replacements)
    {
        string text = $"layerpeeled-shard 1\ntool {Tool.Version}\ncommand sweep --points 80\nsweep x\nlinear-algebra managed\narithmetic X64\nshard 2/3\npoints 6\nseconds-per-point 1\n1 3ff0000000000000\n";
        for (int i = 0; i < replacements.Length; i += 2)
        {
            text = text.Replace(replacements[i], replacements[i + 1], StringComparison.Ordinal);
        }

        string lines = string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => char.IsAsciiDigit(line[0]) || line[0] == '-' ? $"{line} {Hash(Encoding.ASCII.GetBytes(line))[..16]}\n" : line + "\n"));
        byte[] content = Encoding.ASCII.GetBytes(lines);
        return [.. content, .. Encoding.ASCII.GetBytes($"sha256 {Hash(content)}\n")];
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
