using System.CommandLine;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that say how a network was trained, and which members of the family to compare it with.</summary>
internal sealed class FamilyOptions
{
    private const string AllowedDecay = "a number from 1e-100 to 1e100";

    private readonly Option<ModelFamilies?> model = ChoiceSyntax.Option("--model",
        "lpm: the Layer-Peeled Model at the measured budgets. ufm: the unconstrained-features model, with penalties and perhaps a bias. all: both, ranked. Default: all.",
        [("lpm", ModelFamilies.LayerPeeled), ("ufm", ModelFamilies.UnconstrainedFeatures), ("all", ModelFamilies.All)]);

    private readonly Option<string?> decay = new("--weight-decay")
    {
        HelpName = "d[,b]",
        Description = "The weight decay d that the last layer was trained with, and after a comma that of its bias, 0 for none. One number: the bias decays alike. Default: not known.",
    };

    private readonly Option<double?> featurePenalty = NumberSyntax.Number("--lambda-h", "λ_H",
        "With --weight-decay: the features themselves added (λ_H/2)·Σ‖h‖² to the mean loss, a sum over all examples. Default: from the norms of the network.",
        AllowedDecay, value => value is >= 1e-100 and <= 1e100);

    private readonly Option<ILoss?> loss = LossSyntax.Option("--loss", "The loss that the network was trained with, with its parameters. Default: cross-entropy. One of");

    /// <summary>Gives them to a command, behind the options it has already.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [model, decay, featurePenalty, loss];

    public ModelFamilies Families(ParseResult parsed) => parsed.GetValue(model) ?? ModelFamilies.All;

    /// <summary>The loss; null for cross-entropy.</summary>
    public ILoss? Loss(ParseResult parsed) => parsed.GetValue(loss);

    /// <summary>What the comparison is made with.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="network">Origin, groups, loss and weights.</param>
    /// <param name="hasBias">Whether the network has a bias.</param>
    /// <exception cref="UsageException">An option is wrong, or has no meaning.</exception>
    public FamilyDiagnosisOptions Read(ParseResult parsed, NetworkDiagnosisOptions network, bool hasBias)
    {
        string? text = parsed.GetValue(decay);
        double? feature = parsed.GetValue(featurePenalty);
        double[] decays = text is null ? [] : ListSyntax.Numbers(decay.Name, text, 2, $"{AllowedDecay}, or 0 for the bias", value => value is 0 or (>= 1e-100 and <= 1e100));
        if (decays is [0, ..])
        {
            throw new UsageException($"{decay.Name} '{text}' is not allowed: that of the weights must be {AllowedDecay}.");
        }

        if (decays.Length > 1 && !hasBias)
        {
            throw new UsageException($"{decay.Name} '{text}' has a number for the bias, and the network has none: an array 'bias' is expected, or one number.");
        }

        if (decays.Length == 0 && feature is not null)
        {
            throw new UsageException($"{featurePenalty.Name} has no meaning without {decay.Name}.");
        }

        if (Families(parsed) == ModelFamilies.LayerPeeled && text is not null)
        {
            throw new UsageException($"{decay.Name} '{text}' has no meaning with --model lpm, which has budgets; --model ufm or all is expected.");
        }

        return new FamilyDiagnosisOptions
        {
            Network = network,
            Families = Families(parsed),
            ClassifierDecay = decays.Length > 0 ? decays[0] : null,
            BiasDecay = decays.Length > 1 ? decays[1] : null,
            FeaturePenalty = feature,
        };
    }
}
