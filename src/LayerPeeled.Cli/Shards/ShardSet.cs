using System.Globalization;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Cli.Shards;

/// <summary>All the shards of one sweep, whole and of one kind: where a merge has its points from.</summary>
internal sealed class ShardSet : ISweepStore
{
    private const int MostProblems = 20;
    private readonly Dictionary<int, double[]> chunks;

    private ShardSet(IReadOnlyList<ShardFile> shards)
    {
        Shards = shards;
        chunks = shards.SelectMany(shard => shard.Chunks).ToDictionary();
    }

    /// <summary>The shards in their order.</summary>
    public IReadOnlyList<ShardFile> Shards { get; }

    /// <summary>Reads and checks them.</summary>
    /// <param name="paths">Files, and folders of which every finished shard is read.</param>
    /// <exception cref="UsageException">One is missing, damaged, of another sweep, or there twice with different results; the message names all of them.</exception>
    public static ShardSet Read(IEnumerable<string> paths)
    {
        var problems = new List<string>();
        ShardFile[] read = paths.SelectMany(Files).Distinct().Select(path => ReadOne(path, problems)).OfType<ShardFile>().ToArray();
        if (read.Length > 0)
        {
            // What most of them say is what the others differ from.
            ShardHeader main = read.GroupBy(file => file.Header with { Shard = new SweepShard(1, file.Header.Shard.Count), Points = 0, SecondsPerPoint = 0, Arithmetic = "" })
                .MaxBy(group => group.Count())!.First().Header;
            problems.AddRange(read.Select(file => file.Header.Conflict(main) is { } conflict ? $"'{file.Path}' is foreign: {conflict}" : null).OfType<string>());
            read = Once(read.Where(file => file.Header.Conflict(main) is null), problems).ToArray();
            string missing = Missing(read.Select(file => file.Header.Shard.Number), main.Shard.Count);
            if (missing.Length > 0)
            {
                problems.Add($"of {main.Shard.Count} shards these are missing: {missing}");
            }

            if (main.Tool != Tool.Version)
            {
                problems.Add($"the shards are of version {main.Tool} of the tool; this is {Tool.Version}");
            }
        }

        return problems.Count == 0 && read.Length > 0 ? new ShardSet(read) : throw new UsageException("The shards cannot be merged: "
            + (problems.Count == 0 ? "there are none." : string.Join("; ", problems.Take(MostProblems)) + (problems.Count > MostProblems ? $"; and {problems.Count - MostProblems} more." : ".")));
    }

    public double[]? Load(string sweep, int chunk)
    {
        ShardHeader header = Shards[0].Header;
        // The linear algebra is part of the digest; where it is another here, that of the shards cannot be formed again.
        if (header.LinearAlgebra == LinearAlgebraProvider.Name && header.Sweep != sweep)
        {
            throw new UsageException($"The shards cannot be merged: '{header.CommandLine}' has other settings than their points.");
        }

        return chunks.GetValueOrDefault(chunk) ?? throw new UsageException($"The shards cannot be merged: chunk {chunk} is in none of them.");
    }

    public void Save(string sweep, int chunk, ReadOnlySpan<double> values) => throw new InvalidOperationException("A merge computes nothing.");

    private static string[] Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = Directory.GetFiles(path, "*" + ShardFile.Extension);
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw new UsageException($"'{path}' has no finished shards, files whose names end in {ShardFile.Extension}.");
    }

    private static ShardFile? ReadOne(string path, List<string> problems)
    {
        try
        {
            var file = ShardFile.Read(path);
            if (file is null)
            {
                problems.Add($"'{path}' is damaged (run again with --shard, it is replaced)");
            }

            return file;
        }
        catch (UsageException error)
        {
            problems.Add(error.Message.TrimEnd('.'));
            return null;
        }
    }

    private static IEnumerable<ShardFile> Once(IEnumerable<ShardFile> shards, List<string> problems)
    {
        foreach (IGrouping<int, ShardFile> same in shards.GroupBy(file => file.Header.Shard.Number).OrderBy(group => group.Key))
        {
            ShardFile first = same.First();
            problems.AddRange(same.Where(other => !other.HasResultsOf(first)).Select(other => $"'{other.Path}' and '{first.Path}' are the same shard with different results"));
            yield return first;
        }
    }

    // 3,17-20: as --array of sbatch wants it
    private static string Missing(IEnumerable<int> there, int count)
    {
        var parts = new List<string>();
        long next = 1;
        foreach (long number in there.Order().Select(number => (long)number).Append(count + 1L))
        {
            if (number > next)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{next}{(number - 1 > next ? $"-{number - 1}" : "")}"));
            }

            next = number + 1;
        }

        return string.Join(',', parts);
    }
}
