using System.Globalization;
using LayerPeeled.Benchmarks.Ratios;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Benchmarks.Limits;

/// <summary><c>limits [--seconds S] [--size K] [--fewer K] [--only TEXT] [--processor-time]</c></summary>
internal static class LimitCommand
{
    private const double Allowed = 1.1;

    private const string Usage =
        """
        limits [--seconds S] [--size K] [--fewer K] [--only TEXT] [--processor-time]

          --seconds S        the limit; default 5
          --size K           classes, and tokens and contexts; default 2000
          --fewer K          classes of relatives with many starts; default 300
          --only TEXT        the solves whose name contains it
          --processor-time   by the time of one thread on the processor, which does not depend on what else the machine does
        """;

    public static int Run(string[] arguments)
    {
        double seconds = 5;
        int size = 2000, fewer = 300;
        string only = "";
        bool processor = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out seconds) && seconds > 0:
                    i++;
                    break;
                case "--size" when int.TryParse(value, CultureInfo.InvariantCulture, out size) && size > 1:
                    i++;
                    break;
                case "--fewer" when int.TryParse(value, CultureInfo.InvariantCulture, out fewer) && fewer > 1:
                    i++;
                    break;
                case "--only" when value is not null:
                    only = value;
                    i++;
                    break;
                case "--processor-time":
                    processor = true;
                    break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]}' is not understood.\n\n{Usage}");
                    return 2;
            }
        }

        TimeProvider clock = TimeProvider.System;
        if (processor)
        {
            clock = new ProcessorClock();
            LinearAlgebraProvider.Threads = 1;
        }

        Console.WriteLine(MachineDescription.Current().Text);
        Console.WriteLine($"\n| limit {seconds:G3} s{(processor ? " of one thread on the processor" : "")} | ended | iterations | seconds | of the limit |\n|---|---|---|---|---|");
        WarmUp(clock);
        var late = new List<string>();
        foreach (LimitCase solve in new LimitCases(size, fewer).All.Where(solve => solve.Name.Contains(only, StringComparison.Ordinal)))
        {
            Func<TimeSpan, TimeProvider, (SolverStatus Status, int Iterations)> run = solve.Prepare();
            GC.Collect();
            long start = clock.GetTimestamp();
            (SolverStatus status, int iterations) = run(TimeSpan.FromSeconds(seconds), clock);
            double took = clock.GetElapsedTime(start).TotalSeconds, share = took / seconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {solve.Name} | {status} | {iterations} | {took:F2} | {share:F2} |"));
            if (share > Allowed)
            {
                late.Add(solve.Name);
            }
        }

        Console.WriteLine($"\nMore than {Allowed} times the limit: {(late.Count == 0 ? "none" : string.Join("; ", late))}");
        return late.Count == 0 ? 0 : 1;
    }

    // Code that runs for the first time is compiled first.
    private static void WarmUp(TimeProvider clock)
    {
        foreach (LimitCase solve in new LimitCases(60, 20).All)
        {
            _ = solve.Prepare()(TimeSpan.FromSeconds(0.2), clock);
        }
    }
}
