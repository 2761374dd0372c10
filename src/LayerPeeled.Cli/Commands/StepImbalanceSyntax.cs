using System.CommandLine;
using LayerPeeled.Cli.Input;

namespace LayerPeeled.Cli.Commands;

/// <summary>Options about step imbalance that several commands share.</summary>
internal static class StepImbalanceSyntax
{
    private const string PositiveNumber = "a positive finite number";

    public static Option<int?> Classes(string name, string symbol, string description) =>
        NumberSyntax.Integer(name, symbol, description, "a whole number of at least 1", 1);

    public static Option<int?> Points(string name, string description) =>
        NumberSyntax.Integer(name, "n", description, "a whole number of at least 2", 2);

    public static Option<double?> Positive(string name, string symbol, string description) =>
        NumberSyntax.Number(name, symbol, description, PositiveNumber, value => value > 0);

    public static T Required<T>(ParseResult parsed, Option<T?> option, string allowed)
        where T : struct => parsed.GetValue(option) ?? throw new UsageException($"{option.Name} is required: {allowed}.");

    /// <summary>Two numbers of classes whose sum is still a number of classes.</summary>
    public static void RequireClasses(string source, long majority, long minority)
    {
        if (majority + minority > Array.MaxLength)
        {
            throw new UsageException($"{source} give {majority + minority} classes; at most {Array.MaxLength} are possible.");
        }
    }

    /// <summary>Refuses budgets whose product, on which everything depends, is no positive double.</summary>
    public static void RequireProduct(string source, double classifierBudget, double featureBudget)
    {
        double product = classifierBudget * featureBudget;
        if (!(product > 0 && double.IsFinite(product)))
        {
            throw new UsageException($"{source} have a product E_W·E_H of {Output.CsvText.Number(product)}; it must be {PositiveNumber}.");
        }
    }
}
