using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Mitigate;

/// <summary>What other losses do to the minority.</summary>
internal sealed class LossComparison
{
    private static readonly string[] Names = ["la", "vs", "cdt", "ldt", "ldam", "smoothing"];
    private readonly List<MitigationOutcome> compared = [];
    private readonly List<WeakestLoss> weakest = [];
    private readonly List<string> notes = [];

    private LossComparison()
    {
    }

    /// <summary>The outcomes of losses with their usual parameters.</summary>
    public IReadOnlyList<MitigationOutcome> Compared => compared;

    /// <summary>The weakest of each family, if they were looked for.</summary>
    public IReadOnlyList<WeakestLoss> Weakest => weakest;

    /// <summary>Losses that do not fit the classes or the budgets, and searches that are not certified.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>All outcomes, in the order of the table.</summary>
    public IEnumerable<MitigationOutcome> Outcomes => [.. compared, .. weakest.Where(loss => loss.Separates).Select(loss => loss.Outcome)];

    /// <summary>Whether everything is certified.</summary>
    public bool IsCertified => compared.TrueForAll(outcome => outcome.Solution.Status == SolverStatus.Optimal) && weakest.TrueForAll(loss => loss.IsCertified);

    /// <summary>Solves them.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="tolerance">How closely the weakest parameters are bracketed; null, and they are not looked for.</param>
    /// <param name="progress">Called after each iteration.</param>
    /// <param name="token">Stops; what was finished stays.</param>
    public static LossComparison Of(LossMitigation analysis, double? tolerance, IProgress<IterationReport> progress, CancellationToken token)
    {
        var comparison = new LossComparison();
        foreach (string name in Names.TakeWhile(_ => !token.IsCancellationRequested))
        {
            comparison.Try(name, () => comparison.compared.Add(analysis.Apply(LossCatalog.Parse(name), progress, token)));
        }

        foreach (string family in LossMitigation.Families.TakeWhile(_ => tolerance is not null && !token.IsCancellationRequested))
        {
            comparison.Try(family, () => comparison.weakest.Add(analysis.FindWeakest(family, tolerance!.Value, progress, token)));
        }

        comparison.notes.AddRange(comparison.weakest.Where(loss => !loss.IsCertified).Select(loss => $"{loss.Family}: the value is not certified on both sides: it is the best that is known."));
        return comparison;
    }

    private void Try(string name, Action solve)
    {
        try
        {
            solve();
        }
        catch (ArgumentException error)
        {
            string message = error.Message.Split(" (Parameter", 2)[0];
            notes.Add($"{name}: {message}");
        }
    }
}
