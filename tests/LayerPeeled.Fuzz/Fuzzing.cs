using System.Diagnostics;
using LayerPeeled.Fuzz.Mutations;
using LayerPeeled.Fuzz.Readers;

namespace LayerPeeled.Fuzz;

/// <summary>
/// Coverage-guided mutation of the files of one reader: what takes a new way through the code is mutated further. The same seed and number of inputs give the
/// same run.
/// </summary>
internal sealed class Fuzzing
{
    private const int LongestFile = 1 << 13;
    private const int MostFaults = 20;
    private const int MostMutations = 5;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    private readonly FuzzedReader reader;
    private readonly CoverageMap map;
    private readonly Mutator mutator;
    private readonly Random random;
    private readonly Findings findings;
    private readonly List<byte[]> queue = [];
    private byte[] current = [];
    private int refusals;
    private (long Inputs, TimeSpan Processor) watched;

    /// <summary>A run that has not begun.</summary>
    public Fuzzing(FuzzedReader reader, CoverageMap map, int seed, Findings findings)
    {
        (this.reader, this.map, this.findings) = (reader, map, findings);
        random = new Random(seed);
        mutator = new Mutator(random, reader.Words, reader.Format);
    }

    /// <summary>Files tried.</summary>
    public long Inputs { get; private set; }

    /// <summary>Files kept, because each took a way through the code that none before it took.</summary>
    public IReadOnlyList<byte[]> Queue => queue;

    /// <summary>Share of the parts of readers that refused their file.</summary>
    public double Refused => (double)refusals / Math.Max(1, Inputs * reader.Parts.Length);

    /// <summary>Tries the seeds, then their mutations.</summary>
    /// <param name="seeds">Files to begin with.</param>
    /// <param name="inputs">How many inputs at most.</param>
    /// <param name="time">How long at most.</param>
    public void Run(IEnumerable<byte[]> seeds, long inputs, TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        using var watch = new Timer(_ => EndIfHanging(), null, Hang, Hang);
        foreach (byte[] seed in seeds.Append("1"u8.ToArray()))
        {
            Try(seed);
        }

        while (Inputs < inputs && Stopwatch.GetElapsedTime(begin) < time && findings.Count < MostFaults)
        {
            byte[] file = queue[random.Next(queue.Count)];
            byte[] other = queue[random.Next(queue.Count)];
            file = mutator.Mutate(file, other, random.Next(1, MostMutations + 1));
            Try(file.Length <= LongestFile ? file : file[..LongestFile]);
        }
    }

    private void Try(byte[] file)
    {
        Inputs++;
        CoverageMap.Clear();
        current = file;
        string? fault = reader.Try(file, ref refusals);
        if (map.IsNew() || queue.Count == 0)
        {
            queue.Add(file);
        }

        if (fault is not null)
        {
            findings.Add(file, fault);
        }
    }

    // In time of the processor, which others may be using; a thread that hangs cannot be ended, only the process.
    private void EndIfHanging()
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        if (Inputs != watched.Inputs)
        {
            watched = (Inputs, processor);
        }
        else if (processor - watched.Processor > Hang)
        {
            findings.Add(current, $"Not read within {Hang.TotalSeconds:f0} seconds.");
            Environment.Exit(ExitCodes.Fault);
        }
    }
}
