using System.CommandLine;
using System.Globalization;
using LayerPeeled.Cli.Input;

namespace LayerPeeled.Cli.Commands;

/// <summary>The options that say along which imbalance ratios two kinds of classes are followed.</summary>
internal sealed class RatioLineOptions
{
    private const string ClassesAllowed = "a whole number of at least 1";
    private const string BudgetAllowed = "a positive finite number";
    private readonly Option<int?> majority = StepImbalanceSyntax.Classes("--majority", "K_A", "Number of majority classes. Required.");
    private readonly Option<int?> minority = StepImbalanceSyntax.Classes("--minority", "K_B", "Number of minority classes. Required.");

    private readonly Option<double?> classifierBudget = StepImbalanceSyntax.Positive(
        "--ew", "E_W", "Classifier budget: the mean of ‖w_k‖² is at most this. Required.");

    private readonly Option<double?> featureBudget = StepImbalanceSyntax.Positive(
        "--eh", "E_H", "Feature budget: the mean of ‖h_k‖² is at most this. Required.");

    private readonly Option<double?> from = NumberSyntax.Ratio("--from", "Smallest ratio R. Default: 1.");
    private readonly Option<double?> to;
    private readonly Option<int?> points;
    private readonly double largestByDefault;
    private readonly int pointsByDefault;

    /// <summary>The options, with the largest ratio and the number of points where they are not given.</summary>
    public RatioLineOptions(double largest, int count)
    {
        (largestByDefault, pointsByDefault) = (largest, count);
        to = NumberSyntax.Ratio("--to", string.Create(CultureInfo.InvariantCulture, $"Largest ratio R. Default: {largest}."));
        points = StepImbalanceSyntax.Points("--points", $"Ratios, spaced by equal factors. Default: {count}.");
    }

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [majority, minority, classifierBudget, featureBudget, from, to, points];

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    public RatioLine Read(ParseResult parsed)
    {
        int a = StepImbalanceSyntax.Required(parsed, majority, ClassesAllowed), b = StepImbalanceSyntax.Required(parsed, minority, ClassesAllowed);
        double ew = StepImbalanceSyntax.Required(parsed, classifierBudget, BudgetAllowed), eh = StepImbalanceSyntax.Required(parsed, featureBudget, BudgetAllowed);
        StepImbalanceSyntax.RequireClasses($"--majority '{a}' and --minority '{b}'", a, b);
        StepImbalanceSyntax.RequireProduct(string.Create(CultureInfo.InvariantCulture, $"--ew '{ew:r}' and --eh '{eh:r}'"), ew, eh);
        double smallest = parsed.GetValue(from) ?? 1, largest = parsed.GetValue(to) ?? largestByDefault;
        int count = parsed.GetValue(points) ?? pointsByDefault;
        return new RatioLine(a, b, ew, eh, LogGrid.Between((from, smallest), (to, largest), count),
            string.Create(CultureInfo.InvariantCulture, $"--majority {a} --minority {b} --ew {ew:r} --eh {eh:r} --from {smallest:r} --to {largest:r} --points {count}"));
    }
}
