using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Relatives;

/// <summary>One solve of a relative.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Options">Its options.</param>
/// <param name="Terminal">Where files on standard input come from.</param>
/// <param name="Progress">Told of iterations.</param>
/// <param name="Listen">Called when the solve begins; its token ends it.</param>
/// <param name="Saves">Whether matrices are to be written.</param>
internal sealed record RelativeRun(
    ParseResult Parsed, SolveOptions Options, Terminal Terminal, IProgress<IterationReport> Progress, Func<CancellationToken> Listen, bool Saves)
{
    private const int MostSaved = 2000;

    /// <summary>p, where it is given.</summary>
    public int? Dimension => Parsed.GetValue(Options.Dimension);

    /// <summary>The classes.</summary>
    /// <param name="regulariser">Budgets or penalties.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="most">Most classes that the method takes.</param>
    /// <exception cref="UsageException">An option is missing or wrong, or there are too many classes.</exception>
    public ClassInput Classes(Regulariser regulariser, ILoss loss, int most = int.MaxValue)
    {
        ClassInput input = Options.Classes.Model(Parsed, Terminal, regulariser, loss, Dimension);
        string name = Options.Regulariser.Entry(Parsed).Name;
        int classes = input.Model.ClassCount;
        return classes > most ? throw new UsageException($"--model '{name}' is solved class by class, for at most {most} classes; there are {classes}.")
            : Saves && classes > MostSaved ? throw new UsageException($"--out with --model '{name}' holds its vectors class by class, of at most {MostSaved} classes; there are {classes}.")
            : input;
    }

    /// <summary>Budgets with numbers in place of those that are not given.</summary>
    public Budgets Budgets(double fallback, FeatureNorm features) => new(
        Options.Classes.ClassifierBudgetIfGiven(Parsed) ?? fallback, Options.Classes.FeatureBudgetIfGiven(Parsed) ?? fallback)
    {
        FeatureNorm = features,
    };
}
