using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using LayerPeeled.Fuzz;
using LayerPeeled.Fuzz.Readers;

// Before anything of them is loaded.
CoverageMap.Instrument("LayerPeeled.Data.dll", "layerpeeled.dll");
return Run(args);

[MethodImpl(MethodImplOptions.NoInlining)]
static int Run(string[] args)
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    FuzzedReader[] readers = args is ["all", ..] ? [.. FuzzedReaders.All] : [.. FuzzedReaders.All.Where(reader => args is [string name, ..] && name == reader.Name)];
    Dictionary<string, string> options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
    string[] known = ["--inputs", "--seconds", "--seed", "--corpus", "--grow", "--findings"];
    long inputs = Number("--inputs", long.MaxValue);
    double seconds = Number("--seconds", options.ContainsKey("--inputs") ? int.MaxValue : 10);
    if (readers.Length == 0 || (args.Length % 2 == 0 && args is not [_, "--afl"]) || options.Keys.Except(known).Any())
    {
        Console.Error.WriteLine(
            $"READER|all {string.Join(' ', known.Select(option => $"[{option} …]"))}, or READER --afl under afl-fuzz, is expected; "
            + $"the readers are {string.Join(", ", FuzzedReaders.All.Select(reader => reader.Name))}.");
        return ExitCodes.Usage;
    }

    if (args is [_, "--afl"])
    {
        AflRun.Run(readers[0]);
        return ExitCodes.Clean;
    }

    int faults = 0;
    foreach (FuzzedReader reader in readers)
    {
        var findings = new Findings(Path.Combine(options.GetValueOrDefault("--findings", Path.Combine("artifacts", "fuzz")), reader.Name));
        var seeds = Corpus.Read(Path.Combine(options.GetValueOrDefault("--corpus", Corpus.Folder), reader.Name));
        var map = new CoverageMap();
        var fuzzing = new Fuzzing(reader, map, (int)Number("--seed", 1), findings);
        var watch = Stopwatch.StartNew();
        fuzzing.Run(seeds, inputs, TimeSpan.FromSeconds(seconds));
        Console.WriteLine(
            $"{reader.Name,-14} {fuzzing.Inputs,9} inputs  {fuzzing.Inputs / watch.Elapsed.TotalSeconds,7:f0}/s  {map.Edges,6} branches  {fuzzing.Queue.Count,5} kept  "
            + $"{fuzzing.Refused,6:p0} refused  {findings.Count} faults");
        faults += findings.Count;
        if (options.TryGetValue("--grow", out string? grown))
        {
            Corpus.Replace(Path.Combine(grown, reader.Name), Corpus.Smallest(fuzzing.Queue, reader));
        }
    }

    return faults == 0 ? ExitCodes.Clean : ExitCodes.Fault;

    long Number(string option, long otherwise) =>
        options.TryGetValue(option, out string? text) && long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : otherwise;
}
