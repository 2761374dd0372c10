using System.CommandLine;

namespace LayerPeeled.Cli.Input;

/// <summary>The options of <c>solve</c> that say what is solved and how.</summary>
internal sealed class SolveOptions
{
    /// <summary>The options.</summary>
    /// <param name="methods">The names of the methods for the Layer-Peeled Model.</param>
    /// <param name="defaultMethod">The one that is taken where none is given.</param>
    public SolveOptions(string methods, string defaultMethod)
    {
        Regulariser = new(Classes);
        Method = new("--method")
        {
            HelpName = "name",
            Description = $"One of {methods}. Default: {defaultMethod}. With --model relu closed-form, the default, or descent.",
        };
    }

    /// <summary>Where the classes come from, and the budgets.</summary>
    public ModelOptions Classes { get; } = new(budgetDefault: "Required with --model lpm, relu, supcon and qnorm; 1 with svm and sphere.");

    /// <summary>Which model it is, its penalties and its loss.</summary>
    public RegulariserOptions Regulariser { get; }

    /// <summary>Targets in the place of classes.</summary>
    public TargetOptions Targets { get; } = new();

    /// <summary>Accuracy and limits.</summary>
    public LimitOptions Limits { get; } = new();

    /// <summary>What only relatives have.</summary>
    public RelativeOptions Relatives { get; } = new();

    /// <summary>p.</summary>
    public Option<int?> Dimension { get; } = NumberSyntax.Integer(
        "--dimension", "p", "Feature dimension. Default: the number of classes (one less is always enough).", "a whole number of at least 1", 1);

    /// <summary>The name of the method.</summary>
    public Option<string?> Method { get; }

    /// <summary>Gives them to a command, before the options it has already.</summary>
    public void AddTo(Command command)
    {
        int position = 0;
        foreach (Option option in new Option[] { Dimension, Method }.Concat(Limits.All))
        {
            command.Options.Insert(position++, option);
        }

        Classes.AddTo(command);
        Regulariser.AddTo(command);
        Targets.AddTo(command);
        position = command.Options.IndexOf(Dimension);
        foreach (Option option in Relatives.All)
        {
            command.Options.Insert(position++, option);
        }
    }
}
