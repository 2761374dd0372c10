using System.CommandLine;
using LayerPeeled.Solver.Analysis.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Input;

/// <summary>The options that name the arrays of a network's last layer, and how to measure them.</summary>
internal sealed class NetworkOptions(bool needsClassifier)
{
    private static readonly (string Name, GlobalMean Value)[] Conventions =
        [("class-means", GlobalMean.ClassMeans), ("samples", GlobalMean.Samples), ("none", GlobalMean.None)];

    private readonly Argument<string?> archive = new("network")
    {
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "network.npz",
        Description = $"An archive with the arrays 'features' (N×p), 'labels' (N numbers or names, or N×K one-hot), 'weight' (K×p){(needsClassifier ? "" : ", which may be missing,")} "
            + "and perhaps 'bias' (K) and 'row_labels' (K), the label of each row of 'weight' where they are not in ascending order. Further axes of length 1 do no harm.",
    };

    private readonly Option<string?> features = Array("features");
    private readonly Option<string?> labels = Array("labels");
    private readonly Option<string?> weight = Array("weight");
    private readonly Option<string?> bias = Array("bias");
    private readonly Option<string?> rowLabels = Array("row_labels", "--row-labels");

    private readonly Option<string?> otherFeatures = new("--ood-features")
    {
        HelpName = "file.npy",
        Description = "Features (n×p) of examples that belong to none of the classes, for NC5; also the array 'ood_features'.",
    };

    private readonly Option<GlobalMean?> globalMean = new("--global-mean")
    {
        HelpName = "convention",
        Description = $"The point that class means are measured from: {string.Join(", ", Conventions.Select(mean => mean.Name))}. Default: {NameOf(new NeuralCollapseOptions().GlobalMean)}.",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach ((string name, GlobalMean value) in Conventions)
            {
                if (name == text)
                {
                    return value;
                }
            }

            result.AddError($"--global-mean '{text}' is not allowed: one of {string.Join(", ", Conventions.Select(mean => mean.Name))} is expected.");
            return null;
        },
    };

    /// <summary>Gives them to a command, before the options it has already.</summary>
    public void AddTo(Command command)
    {
        command.Add(archive);
        int position = 0;
        foreach (Option option in new Option[] { features, labels, weight, bias, rowLabels, globalMean })
        {
            command.Options.Insert(position++, option);
        }

        if (!needsClassifier)
        {
            command.Options.Insert(position - 1, otherFeatures);
        }
    }

    public GlobalMean Convention(ParseResult parsed) => parsed.GetValue(globalMean) ?? new NeuralCollapseOptions().GlobalMean;

    /// <summary>The name that a convention has on the command line.</summary>
    public static string NameOf(GlobalMean mean) => Conventions.First(entry => entry.Value == mean).Name;

    /// <summary>The network.</summary>
    /// <exception cref="UsageException">A file is missing or cannot be read.</exception>
    public NetworkFile Open(ParseResult parsed) => new(parsed.GetValue(archive), Files(parsed), needsClassifier);

    /// <summary>The classifier alone.</summary>
    /// <exception cref="UsageException">A file is missing or cannot be read, or an option has no meaning without features.</exception>
    public ClassifierFile OpenClassifier(ParseResult parsed)
    {
        foreach (Option option in new Option[] { features, labels, rowLabels, globalMean })
        {
            RequireAbsent(parsed, option);
        }

        return ClassifierFile.Read(parsed.GetValue(archive), Files(parsed));
    }

    /// <summary>Output vectors, V×p, and context embeddings, a row a context, of a language model.</summary>
    /// <exception cref="UsageException">A file is missing or cannot be read, or an option has no meaning without classes.</exception>
    public (Matrix<double> Classifier, Matrix<double> Contexts) OpenLanguageModel(ParseResult parsed)
    {
        foreach (Option option in new Option[] { labels, rowLabels, globalMean, bias })
        {
            RequireAbsent(parsed, option, "with --targets, whose model has no classes and no bias");
        }

        using var source = new NumpySource(parsed.GetValue(archive), Files(parsed));
        return (ClassifierFile.Array(source, "weight", 2, reader => reader.ReadMatrix()), ClassifierFile.Array(source, "features", 2, reader => reader.ReadMatrix()));
    }

    /// <summary>Refuses an option of features where there are none.</summary>
    /// <exception cref="UsageException">It is given.</exception>
    public static void RequireAbsent(ParseResult parsed, Option option, string where = "with --counts, which is for a classifier without features")
    {
        if (parsed.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name} has no meaning {where}.");
        }
    }

    private Dictionary<string, string?> Files(ParseResult parsed) => new()
    {
        ["features"] = parsed.GetValue(features),
        ["labels"] = parsed.GetValue(labels),
        ["weight"] = parsed.GetValue(weight),
        ["bias"] = parsed.GetValue(bias),
        ["row_labels"] = parsed.GetValue(rowLabels),
        [NetworkFile.OtherFeatures] = needsClassifier ? null : parsed.GetValue(otherFeatures),
    };

    private static Option<string?> Array(string name, string? option = null) => new(option ?? $"--{name}")
    {
        HelpName = "file.npy",
        Description = $"A file in the place of the array '{name}'.",
    };
}
