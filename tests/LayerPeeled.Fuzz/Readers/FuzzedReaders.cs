using System.Text;
using LayerPeeled.Cli;
using LayerPeeled.Cli.Shards;
using LayerPeeled.Data;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Data.Targets;

namespace LayerPeeled.Fuzz.Readers;

/// <summary>Every reader of files of the library and of the tool.</summary>
internal static class FuzzedReaders
{
    private const string CheckpointSweep = "step-imbalance-0123";

    private static readonly string[] NumpyWords =
    [
        "'descr'", "'fortran_order': True", "'shape'", "(2, 3)", "(3,)", "()", "<f8", "<f4", ">f8", "<f2", "<i8", "|i1", "|u1", "<u8", "|b1", "<U3", "|S4",
        "|O", "<V2", "labels", "counts", "data",
        "indices", "indptr", "format", "shape", "csc", "csr", "coo", "row", "col", "coords", "W", "H", "Z", "b", "../../x", "/tmp/x", "C:\\x", ".npy",
        "solution.json", "weights", "objective",
    ];

    private static readonly string[] JsonWords =
    [
        "null", "true", "[", "]", "{", "}", "\"", ",", ":", "\\ud800", "\\u0000", "1e999", "-0", "NaN", "\"formatVersion\": 1", "\"formatVersion\": 2",
        "\"budgets\"", "\"penalties\"", "\"groups\"", "\"classes\"",
        "\"mergedGroup\": [0]", "\"classOrder\": [[0, 1]]", "\"bias\"", "\"biasPenalty\": 1", "\"featureDimension\": 2147483647", "\"classes\": 2000000000",
        "\"Optimal\"", "\"cross-entropy\"",
    ];

    private static readonly string[] TableWords =
    [
        ",", ";", "\t", "|", "\"", "\"\"", "#", "\r\n", "\r", "\n", "\0", "\uFEFF", "sep=;", "count", "num_images", "label", "class", "name", "weight",
        "index", "total", "1,000", "1.234", "1 234", "1,5", "NaN", "inf",
        "-1", "1e999", "1e-999", "∞", "0x10", "[", "{", "cat", "a/1.jpg", "=1+1",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("counts", [Counts(ClassFileContent.Counts), Counts(ClassFileContent.Labels), Counts(ClassFileContent.Weights), Counts(ClassFileContent.Counts, "count")],
            error => error is ClassCountFormatException, FileFormat.ToldByContent, [.. TableWords, .. JsonWords[..14]]),
        new("npy",
            [
                Npy(r => r.ReadNumbers()), Npy(r => r.ReadLabels()), Npy(r => r.ReadTexts()), Npy(r => r.ReadMatrix()), Npy(ClassLabels.Read), Npy(Rows),
                Npy(ClassLabels.Read, canSeek: false),
            ],
            error => error is NpyFormatException, FileFormat.ToldByContent, NumpyWords),
        new("npz", [Npz(r => r.ReadNumbers()), Npz(r => r.ReadLabels()), Npz(ClassLabels.Read), Npz(Rows), Npz(r => r.ReadTexts())],
            error => error is NpyFormatException, FileFormat.ToldByContent, NumpyWords),
        new("solution-json", [file => Check(SolutionJson.Read(new MemoryStream(file))), Verify],
            error => error is SolutionFormatException, FileFormat.ToldByContent, JsonWords),
        new("solution-npz", [file => Check(SolutionNpz.Read(new MemoryStream(file))), Convert],
            error => error is SolutionFormatException, FileFormat.ToldByContent, [.. NumpyWords, .. JsonWords]),
        new("targets", [file => Check(TargetReader.Read(new MemoryStream(file)))], error => error is TargetFormatException, FileFormat.ToldByContent,
            [
                .. NumpyWords, .. TableWords[..20], "%%MatrixMarket matrix coordinate real general\n", "array", "symmetric", "pattern", "integer", "%", "1 1 1\n",
                "3 2 4\n",
            ]),
        new("names", [file => NameList.Read(Utf8(file))], error => error is TargetFormatException, FileFormat.ToldByContent, TableWords),
        new("permutations", [file => PermutationReader.Read(Utf8(file), 6, 4)], error => error is TargetFormatException, FileFormat.ToldByContent,
            ["(0 1 2)", "|", "(", ")", "#", "5", "6", "-1", "2147483648", "\n"]),
        new("words", [file => WordCounts.Count(Utf8(file), 5, 3)], error => error is TargetFormatException, FileFormat.ToldByContent,
            ["'", "\u2019", "a", "the", "\U0001F600", "é", "e\u0301", " ", ". "]),
        new("shards", [file => ShardFile.Parse("the file", file), Checkpoint], error => error is UsageException, FileFormat.Records,
            [
                "layerpeeled-shard 1\n", "tool ", "command sweep --points 80\n", "shard 2/3\n", "points ", "seconds-per-point NaN\n", "seconds-per-point 1\n",
                "7ff8000000000000", " ", "-1", "99999999999",
            ]),
    ];

    private static Action<byte[]> Counts(ClassFileContent content, string? column = null) => file =>
    {
        ClassCounts counts = ClassCountReader.Read(new MemoryStream(file), new ClassCountOptions { Content = content, Column = column });
        Require(counts.Count > 0 && counts.All(count => double.IsFinite(count) && count >= 0), "counts are finite and not negative");
        Require(counts.Names is null || counts.Names.Count == counts.Count, "there are as many names as counts");
    };

    private static Action<byte[]> Npy<T>(Func<NpyReader, T> read, bool canSeek = true) => file =>
    {
        using var bytes = new MemoryStream(file);
        using var reader = new NpyReader(canSeek ? bytes : new PipeStream(bytes), "the array");
        _ = read(reader);
    };

    private static Action<byte[]> Npz<T>(Func<NpyReader, T> read) => file =>
    {
        using var archive = new NpzArchive(new MemoryStream(file), "the archive");
        NpyFormatException? refusal = null;
        foreach (string name in archive.Names.Take(20))
        {
            try
            {
                using NpyReader reader = archive.Open(name);
                _ = read(reader);
            }
            catch (NpyFormatException error)
            {
                refusal = error;
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    };

    private static int Rows(NpyReader reader)
    {
        reader.Squeeze(2);
        var block = new float[Math.Min(reader.RowCount, Math.Max(1, 4096 / Math.Max(1, reader.ColumnCount))) * reader.ColumnCount];
        int rows = 0;
        for (int n; (n = reader.ReadRows(block)) > 0;)
        {
            rows += n;
        }

        Require(reader.ColumnCount == 0 || rows == reader.RowCount, "every row is read");
        return rows;
    }

    private static void Check(SavedSolution saved)
    {
        Require(saved.Model.ClassCount >= 2 && saved.Groups.Count == saved.Model.Groups.Count, "the groups are those of the model");
        Require(saved.Factors is not null || saved.Classifier!.RowCount == saved.Model.ClassCount, "the matrices fit the model");
        Require(saved.ClassNames is null || saved.ClassNames.Count == saved.Model.ClassCount, "there are as many names as classes");
    }

    // Small ones, that certificates take no time
    private static void Verify(byte[] file)
    {
        SavedSolution saved = SolutionJson.Read(new MemoryStream(file));
        if (saved.Model.ClassCount <= 20)
        {
            Require(SolutionVerifier.Verify(saved).Checks.Count > 0, "something is checked");
        }
    }

    // What is written of a solution that was read can be read.
    private static void Convert(byte[] file)
    {
        using var json = new MemoryStream();
        SolutionFile.Convert(new MemoryStream(file), json, SolutionFormat.Json);
        using var archive = new MemoryStream();
        try
        {
            SolutionFile.Convert(new MemoryStream(json.ToArray()), archive, SolutionFormat.Npz);
            SolutionFile.Read(new MemoryStream(archive.ToArray()));
        }
        catch (SolutionFormatException error)
        {
            throw new InvalidOperationException("A solution that was read and written cannot be read.", error);
        }
    }

    private static void Check(TargetTable table)
    {
        Require(table.Values.NonZeroCount > 0, "there are entries");
        foreach (double value in table.Values.Values)
        {
            Require(double.IsFinite(value) && value > 0, "entries are finite and positive");
        }
    }

    private static void Checkpoint(byte[] file)
    {
        using var lines = new StreamReader(new MemoryStream(file), Encoding.ASCII, detectEncodingFromByteOrderMarks: false);
        foreach ((int chunk, double[] values) in ShardStore.Records("the file", lines, ShardStore.Owner(CheckpointSweep)))
        {
            Require(chunk >= 0 && values is not null, "chunks are counted from 0");
        }
    }

    private static StreamReader Utf8(byte[] file) => new(new MemoryStream(file), new UTF8Encoding(false, throwOnInvalidBytes: true));

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }
}
