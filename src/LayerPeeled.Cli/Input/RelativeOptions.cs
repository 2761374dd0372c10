using System.CommandLine;
using LayerPeeled.Solver.Family.Contrastive;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that relatives of the Layer-Peeled Model have and the model itself has not.</summary>
internal sealed class RelativeOptions
{
    private const string AllowedNorm = "a positive number from 1e-150 to 1e150";

    /// <summary>τ.</summary>
    public Option<double?> Temperature { get; } = NumberSyntax.Number(
        "--temperature", "τ", "With --model supcon, sphere and qnorm: inner products are divided by this. Default: 1.", "a positive number from 1e-100 to 1e100",
        value => value is >= 1e-100 and <= 1e100);

    /// <summary>What an anchor of the contrastive loss looks at.</summary>
    public Option<ContrastiveDenominator?> Denominator { get; } = ChoiceSyntax.Option("--denominator",
        "With --model supcon: whether the loss of an example counts the example itself among its positives and in the sum below. Default: all-samples.",
        [("all-samples", ContrastiveDenominator.AllSamples), ("other-samples", ContrastiveDenominator.OtherSamples)]);

    /// <summary>q.</summary>
    public Option<double?> Exponent { get; } = NumberSyntax.Number(
        "--exponent", "q", "With --model qnorm: the mean of ‖h_k‖_q^q is at most E_H. Default: 4.", "a number above 1 and at most 64", value => value is > 1 and <= 64);

    /// <summary>‖w_k‖² of each class or group.</summary>
    public Option<string?> ClassifierNorms { get; } = Norms("--classifier-norms", "‖w_k‖²", "--ew");

    /// <summary>‖h_k‖² of each class or group.</summary>
    public Option<string?> FeatureNorms { get; } = Norms("--feature-norms", "‖h_k‖²", "--eh");

    /// <summary>M.</summary>
    public Option<int?> Layers { get; } = new("--layers")
    {
        HelpName = "M",
        Description = "With --model deep: the number of linear layers. Default: 2.",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, out int layers) && layers is >= 2 and <= 100)
            {
                return layers;
            }

            result.AddError($"--layers '{text}' is not allowed: it must be a whole number from 2 to 100; one layer is --model ufm.");
            return null;
        },
    };

    /// <summary>Descents.</summary>
    public Option<int?> Starts { get; } = NumberSyntax.Integer(
        "--starts", "n", "With --model sphere, qnorm, deep and relu: descents from so many points, of which the best is kept. Default: 10, or 5 with deep.", "a whole number of at least 1", 1);

    /// <summary>The targets of a regression.</summary>
    public Option<string?> Values { get; } = new("--values")
    {
        HelpName = "file.npy",
        Description = "With --model regression, in the place of classes: the targets, a row an example.",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [Temperature, Denominator, Exponent, ClassifierNorms, FeatureNorms, Layers, Starts, Values];

    /// <summary>The numbers of one of the two lists of norms; null where it is not given.</summary>
    /// <exception cref="UsageException">A number is out of range.</exception>
    public static double[]? Norms(ParseResult parsed, Option<string?> option, int atMost) => parsed.GetValue(option) is not { } text ? null
        : ListSyntax.Numbers(option.Name, text, atMost, AllowedNorm, value => value is >= 1e-150 and <= 1e150);

    private static Option<string?> Norms(string name, string symbol, string instead) => new(name)
    {
        HelpName = "list",
        Description = $"With --model sphere, in the place of {instead}: {symbol}, one a group for --classes, else one a class.",
    };
}
