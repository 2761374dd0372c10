using System.Globalization;
using LayerPeeled.Cli.Output;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary>A model as it was given: with the names of its classes, where they were read, and what was assumed in reading them.</summary>
/// <param name="Model">The model.</param>
/// <param name="Names">Names of the classes, if they have some.</param>
/// <param name="Source">The place in a file that the counts come from; null where they stand on the command line.</param>
/// <param name="Notes">What was assumed.</param>
internal sealed record ClassInput(LayerPeeledModel Model, IReadOnlyList<string>? Names, string? Source, IReadOnlyList<string> Notes)
{
    /// <summary>N = Σ_k n_k, without loss weights.</summary>
    public double Examples { get; } = Model.Groups.Sum(group => group.Classes * group.Count);

    /// <summary>How the classes in <see cref="List"/> are to be understood; empty where they have names.</summary>
    public string Numbering => Names is null ? " (classes are numbered from 0)" : "";

    /// <summary>K and N for people, with the place they come from.</summary>
    public IEnumerable<(string Name, string Value)> Facts() =>
    [
        ("classes", Model.ClassCount.ToString(CultureInfo.InvariantCulture)),
        ("examples", Sheet.Short(Examples) + (Source is null ? "" : $" ({Source})")),
    ];

    /// <summary>K and N in one line.</summary>
    public string Line() => $"{Model.ClassCount} classes, {Sheet.Short(Examples)} examples" + (Source is null ? "" : $" ({Source})");

    /// <summary>N and the source as fields of a JSON document.</summary>
    public void Write(NotedJson json)
    {
        json.Number("examples", Examples);
        if (Source is not null)
        {
            json.Text("source", Source);
        }
    }

    /// <summary>Some classes for people, by name where they have one; long lists are cut.</summary>
    /// <param name="classes">The classes from 0, ascending.</param>
    public string List(IEnumerable<int> classes) =>
        Names is null ? Output.Names.Abbreviated(classes) : Output.Names.Abbreviated(classes.Select(k => Names[k]).ToArray());

    /// <summary>The classes of each group, ascending.</summary>
    public int[][] ClassesByGroup()
    {
        int[][] classes = Model.Groups.Select(group => new int[group.Classes]).ToArray();
        var filled = new int[classes.Length];
        for (int k = 0; k < Model.ClassCount; k++)
        {
            int g = Model.GroupOfClass[k];
            classes[g][filled[g]++] = k;
        }

        return classes;
    }
}
