using System.CommandLine;
using LayerPeeled.Cli.Relatives;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say which model the classes are solved for: budgets or penalties, a bias, how features count, and the loss.</summary>
/// <param name="classes">The options that give the classes, and the budgets.</param>
internal sealed class RegulariserOptions(ModelOptions classes)
{
    private const string AllowedPenalty = "a number from 1e-100 to 1e100";
    private const string PerClass = "per-class";
    private const string PerSample = "per-sample";

    private readonly Option<ModelEntry?> kind = ModelCatalog.Option("--model");

    private readonly Option<double?> classifierPenalty = Penalty("--lambda-w", "λ_W", "With --model ufm, deep and regression, or relu in the place of budgets: the classifiers add (λ_W/2)·Σ‖w_k‖² to the mean loss.");

    private readonly Option<double?> featurePenalty = Penalty("--lambda-h", "λ_H",
        "The same for the features: they add (λ_H/2)·Σ‖h‖² to the mean loss, a sum over all examples.");

    private readonly Option<double?> biasPenalty = Penalty("--lambda-b", "λ_b", "With --model ufm: there is a bias b, which adds (λ_b/2)·‖b‖². Default: no bias.",
        "; --bias is a bias without a penalty");

    private readonly Option<bool> freeBias = new("--bias") { Description = "With --model ufm and regression: there is a bias without a penalty." };

    private readonly Option<FeatureNorm?> features = ChoiceSyntax.Option("--features",
        $"{PerClass}: ‖h_k‖² of each class counts once in --eh or --lambda-h. {PerSample}: once for each of its examples. Default: {PerSample} with penalties and with svm, else {PerClass}.",
        [(PerClass, FeatureNorm.PerClass), (PerSample, FeatureNorm.PerSample)]);

    private readonly Option<ILoss?> loss = LossSyntax.Option("--loss", "The loss of an example, with parameters if they are not the usual ones. Default: cross-entropy. One of");

    /// <summary>Gives them to a command that has the options for the classes already.</summary>
    public void AddTo(Command command)
    {
        int position = command.Options.IndexOf(classes.BudgetOptions[0]);
        command.Options.Insert(position, kind);
        position += 1 + classes.BudgetOptions.Count;
        foreach (Option option in new Option[] { classifierPenalty, featurePenalty, biasPenalty, freeBias, features, loss })
        {
            command.Options.Insert(position++, option);
        }
    }

    /// <summary>Those that were given, by name.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        new Option[] { kind, classifierPenalty, featurePenalty, biasPenalty, freeBias, features, loss }.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    /// <summary>Which model.</summary>
    public Option Kind => kind;

    /// <summary>How features count.</summary>
    public Option FeaturesOption => features;

    /// <summary>The loss.</summary>
    public Option LossOption => loss;

    /// <summary>λ_W and λ_H.</summary>
    public IReadOnlyList<Option> PenaltyOptions => [classifierPenalty, featurePenalty];

    /// <summary>A bias without a penalty.</summary>
    public Option<bool> FreeBias => freeBias;

    /// <summary>Which model is asked for.</summary>
    public ModelEntry Entry(ParseResult parsed) => parsed.GetValue(kind) ?? ModelCatalog.LayerPeeled;

    /// <summary>The loss.</summary>
    public ILoss Loss(ParseResult parsed) => parsed.GetValue(loss) ?? CrossEntropyLoss.Instance;

    /// <summary>How features count, where it is said.</summary>
    public FeatureNorm? FeaturesIfGiven(ParseResult parsed) => parsed.GetValue(features);

    /// <summary>The Layer-Peeled Model, or the unconstrained-features model.</summary>
    /// <exception cref="UsageException">An option is missing, wrong, or does not belong to the model.</exception>
    public ClassInput Model(ParseResult parsed, Terminal terminal, int? dimension)
    {
        Regulariser regulariser = Entry(parsed) == ModelCatalog.UnconstrainedFeatures ? Penalties(parsed) : Budgets(parsed);
        return classes.Model(parsed, terminal, regulariser, Loss(parsed), dimension);
    }

    /// <summary>λ_W and λ_H of a model that has them; features count per sample unless it is said otherwise.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="bias">λ_b, 0 for a free bias, null for none.</param>
    /// <exception cref="UsageException">One of them is missing.</exception>
    public Penalties Penalties(ParseResult parsed, double? bias) => new(Required(parsed, classifierPenalty), Required(parsed, featurePenalty))
    {
        Bias = bias,
        FeatureNorm = FeaturesIfGiven(parsed) ?? FeatureNorm.PerSample,
    };

    private Budgets Budgets(ParseResult parsed)
    {
        if (Given(parsed, [classifierPenalty, featurePenalty, biasPenalty, freeBias]) is { } given)
        {
            throw new UsageException($"{given} has no meaning without --model ufm; the Layer-Peeled Model has budgets, --ew and --eh.");
        }

        return new Budgets(classes.ClassifierBudget(parsed), classes.FeatureBudget(parsed)) { FeatureNorm = FeaturesIfGiven(parsed) ?? FeatureNorm.PerClass };
    }

    private Penalties Penalties(ParseResult parsed)
    {
        if (Given(parsed, classes.BudgetOptions) is { } given)
        {
            throw new UsageException($"{given} has no meaning with --model ufm, which has penalties, --lambda-w and --lambda-h.");
        }

        double? bias = parsed.GetValue(biasPenalty);
        if (parsed.GetValue(freeBias))
        {
            bias = bias is null ? 0 : throw new UsageException($"{Given(parsed, [biasPenalty])} and --bias are given; a bias has that penalty, or with --bias none.");
        }

        return Penalties(parsed, bias);
    }

    private static string? Given(ParseResult parsed, IEnumerable<Option> options) => GivenOption.First(parsed, options)?.Text;

    private static Option<double?> Penalty(string name, string symbol, string description, string otherwise = "") =>
        NumberSyntax.Number(name, symbol, description, AllowedPenalty + otherwise, value => value is >= 1e-100 and <= 1e100);

    private double Required(ParseResult parsed, Option<double?> option) => parsed.GetValue(option)
        ?? throw new UsageException($"{option.Name} is required with --model {Entry(parsed).Name}: {AllowedPenalty}.");
}
