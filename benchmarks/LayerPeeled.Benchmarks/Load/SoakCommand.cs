using System.Diagnostics;
using System.Globalization;
using LayerPeeled.Benchmarks.Ratios;
using LayerPeeled.Solver.LinearAlgebra;

namespace LayerPeeled.Benchmarks.Load;

/// <summary><c>soak [--solves N] [--jobs N] [--threads N] [--seed N]</c></summary>
internal static class SoakCommand
{
    private const int Readings = 10;
    private const double AllowedGrowth = 1.1;

    // What a run-time of this size allocates now and then
    private const long AllowedBytes = 1 << 20;
    private const int AllowedHandles = 8;

    private const string Usage =
        """
        soak [--solves N] [--jobs N] [--threads N] [--seed N]

          --solves N    how many in all; default 10000
          --jobs N      how many different ones, each of which comes again and again; default 360
          --threads N   default 4
          --seed N      of the models; default 1
        """;

    public static int Run(string[] arguments)
    {
        int solves = 10_000, jobs = 360, threads = 4, seed = 1;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            bool understood = arguments[i] switch
            {
                "--solves" => Read(value, out solves),
                "--jobs" => Read(value, out jobs),
                "--threads" => Read(value, out threads),
                "--seed" => Read(value, out seed),
                _ => false,
            };
            if (!understood)
            {
                Console.Error.WriteLine($"'{arguments[i]}' is not understood.\n\n{Usage}");
                return 2;
            }
        }

        // A native library that shares out one call among threads may add in another order when it is busy.
        LinearAlgebraProvider.Threads = 1;
        Console.WriteLine(MachineDescription.Current().Text);
        Console.WriteLine($"\n| solves, {jobs} different, {threads} threads | seconds | live heap, MB | working set, MB | threads | handles |\n|---|---|---|---|---|---|");
        var watch = Stopwatch.StartNew();
        var run = new LoadRun(MixedLoad.Jobs(jobs, seed), threads);
        Footprint warm = default, now = default;
        for (int reading = 1; reading <= Readings; reading++)
        {
            run.Continue((solves * reading / Readings) - (solves * (reading - 1) / Readings));
            now = Footprint.Now();
            // Code is compiled, and pools are filled, in the first fifth.
            warm = reading <= 2 ? now : warm;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {solves * reading / Readings} | {watch.Elapsed.TotalSeconds:F0} | {now.Heap / 1e6:F2} | {now.WorkingSet / 1e6:F0} | {now.Threads} | {now.Handles} |"));
        }

        string[] grown =
        [
            .. Grown("live heap", warm.Heap, now.Heap, AllowedBytes), .. Grown("working set", warm.WorkingSet, now.WorkingSet, 16 * AllowedBytes),
            .. Grown("threads", warm.Threads, now.Threads, AllowedHandles), .. Grown("handles", warm.Handles, now.Handles, AllowedHandles),
        ];
        Console.WriteLine($"\nGrown by more than a tenth since the first fifth: {(grown.Length == 0 ? "nothing" : string.Join("; ", grown))}. Every repetition had the bits of the first time.");
        return grown.Length == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Grown(string what, long before, long now, long allowed) =>
        now > (AllowedGrowth * before) + allowed ? [$"{what}, from {before} to {now}"] : [];

    private static bool Read(string? text, out int value) => int.TryParse(text, CultureInfo.InvariantCulture, out value) && value >= 1;
}
