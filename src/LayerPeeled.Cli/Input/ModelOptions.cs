using System.CommandLine;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that give a command its model: where the classes come from, their weights, and the budgets.</summary>
internal sealed class ModelOptions
{
    private const string AllowedBudget = "a positive number from 1e-150 to 1e150";

    private const string LossWeights =
        "Loss weights, one a group for --classes, else one a class: a comma list, or a file like that of --counts. Default: 1.";

    private readonly Option<string?> classes = new("--classes")
    {
        HelpName = "5x1000,5x10",
        Description = "Groups of equal classes: number of classes x examples of each; counts may be fractional or 0.",
    };

    private readonly Option<string?> counts = new("--counts")
    {
        HelpName = "file",
        Description = "A file with a class a line and a column of counts (CSV, tabs, semicolons or blanks), JSON, or .npy; - reads standard input.",
    };

    private readonly Option<string?> labels = new("--labels")
    {
        HelpName = "file",
        Description = "A file with the label of an example a line (also 'path label'), or .npy, whose classes are counted; - reads standard input.",
    };

    private readonly Option<string?> longTail = new("--long-tail")
    {
        HelpName = "K,largest,ratio",
        Description = "K classes with an exponential profile of counts, from the largest down to largest/ratio.",
    };

    private readonly Option<string?> column = new("--column")
    {
        HelpName = "name|number",
        Description = "With --counts or --labels: the column to read, by its heading or counted from 1. Default: found by the headings.",
    };

    private readonly Option<bool> countLabels = new("--count-labels") { Description = "With --counts: the file has a label a line, as for --labels." };

    private readonly Option<string?> weights;
    private readonly Option<double?> classifierBudget;
    private readonly Option<double?> featureBudget;

    /// <summary>The options.</summary>
    /// <param name="weightsDescription">What <c>--weights</c> is for.</param>
    /// <param name="budgetDefault">What a budget is that is not given.</param>
    public ModelOptions(string weightsDescription = LossWeights, string budgetDefault = "Required.")
    {
        weights = new("--weights") { HelpName = "list|file", Description = weightsDescription };
        classifierBudget = Budget("--ew", "E_W", $"Classifier budget: the mean of ‖w_k‖² is at most this. {budgetDefault}");
        featureBudget = Budget("--eh", "E_H", $"Feature budget: the mean of ‖h_k‖² is at most this. {budgetDefault}");
    }

    private IEnumerable<Option> All => [classes, counts, labels, longTail, column, countLabels, weights, classifierBudget, featureBudget];

    /// <summary>Those that classes come from.</summary>
    public IReadOnlyList<Option> Sources => [classes, counts, labels, longTail, column, countLabels];

    /// <summary>The loss weights.</summary>
    public Option Weights => weights;

    /// <summary>Those for the budgets.</summary>
    public IReadOnlyList<Option> BudgetOptions => [classifierBudget, featureBudget];

    /// <summary>Gives them to a command, before the options it has already.</summary>
    public void AddTo(Command command)
    {
        int position = 0;
        foreach (Option option in All)
        {
            command.Options.Insert(position++, option);
        }
    }

    /// <summary>Those that were given, by name.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => All.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    /// <summary>Those of the given ones that say what the classes are.</summary>
    public IEnumerable<string> GivenForClasses(ParseResult parsed) =>
        Given(parsed).Where(name => name != classifierBudget.Name && name != featureBudget.Name);

    /// <summary>Whether one of the options that classes come from is given.</summary>
    public bool HasClasses(ParseResult parsed) => new Option[] { classes, counts, labels, longTail }.Any(option => parsed.GetResult(option) is not null);

    /// <summary>The sizes of the groups of <c>--classes</c>, in their order; null where classes come one by one.</summary>
    /// <exception cref="UsageException">The option is wrong.</exception>
    public IReadOnlyList<int>? GroupSizes(ParseResult parsed) => parsed.GetValue(classes) is { } text ? [.. ClassesSyntax.Parse(text).Select(group => group.Classes)] : null;

    public double? ClassifierBudgetIfGiven(ParseResult parsed) => parsed.GetValue(classifierBudget);

    public double? FeatureBudgetIfGiven(ParseResult parsed) => parsed.GetValue(featureBudget);

    public double ClassifierBudget(ParseResult parsed) => Required(parsed, classifierBudget);

    public double FeatureBudget(ParseResult parsed) => Required(parsed, featureBudget);

    /// <summary>Whether the loss weights were given.</summary>
    public bool HasWeights(ParseResult parsed) => parsed.GetValue(weights) is not null;

    /// <summary>The model.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    public ClassInput Model(ParseResult parsed, Terminal terminal, int? dimension = null) =>
        Model(parsed, terminal, ClassifierBudget(parsed), FeatureBudget(parsed), dimension);

    /// <summary>The model with other budgets.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    public ClassInput Model(ParseResult parsed, Terminal terminal, double ownClassifierBudget, double ownFeatureBudget, int? dimension) =>
        Model(parsed, terminal, new Budgets(ownClassifierBudget, ownFeatureBudget), CrossEntropyLoss.Instance, dimension);

    /// <summary>The model with any regulariser and loss.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    public ClassInput Model(ParseResult parsed, Terminal terminal, Regulariser regulariser, ILoss loss, int? dimension) =>
        new ClassSource
        {
            Groups = parsed.GetValue(classes),
            CountsFile = parsed.GetValue(counts),
            LabelsFile = parsed.GetValue(labels),
            LongTail = parsed.GetValue(longTail),
            Column = parsed.GetValue(column),
            CountsLabels = parsed.GetValue(countLabels),
            Weights = parsed.GetValue(weights),
        }.ToModel(regulariser, loss, dimension, terminal.OpenInput);

    private static Option<double?> Budget(string name, string symbol, string description) =>
        NumberSyntax.Number(name, symbol, description, AllowedBudget, value => value is >= 1e-150 and <= 1e150);

    private static double Required(ParseResult parsed, Option<double?> option) => parsed.GetValue(option)
        ?? throw new UsageException($"{option.Name} is required: {AllowedBudget}.");
}
