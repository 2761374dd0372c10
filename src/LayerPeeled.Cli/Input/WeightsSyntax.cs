using LayerPeeled.Data;

namespace LayerPeeled.Cli.Input;

/// <summary>Loss weights: a comma list of numbers, or else the path of a file of the same format as <c>--counts</c>.</summary>
internal static class WeightsSyntax
{
    /// <summary>The weights, or null where none are given.</summary>
    /// <param name="text">The list or path.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="owner">What each of them belongs to.</param>
    /// <param name="names">Names of the classes, if they have some: a file with the same names is put in their order.</param>
    /// <param name="notes">Takes what was assumed.</param>
    public static IReadOnlyList<double>? Read(string? text, int length, string owner, IReadOnlyList<string>? names = null, List<string>? notes = null)
    {
        if (text is null)
        {
            return null;
        }

        IReadOnlyList<double> weights = List(text)
            ?? (IReadOnlyList<double>)ClassFileSyntax.Read("--weights", text, new ClassCountOptions { Content = ClassFileContent.Weights }, () => Stream.Null);
        if (weights.Count != length)
        {
            throw new UsageException($"--weights '{text}' has {weights.Count} weights; one for each {owner} is expected, that is {length}.");
        }

        notes?.AddRange((weights as ClassCounts)?.Notes.Select(note => $"--weights: {note}") ?? []);
        return names is not null && weights is ClassCounts { Names: { } own } ? ByName(text, weights, own, names, notes) : weights;
    }

    // Weights that stand in another order than the classes belong to them by their names.
    private static IReadOnlyList<double> ByName(string text, IReadOnlyList<double> weights, IReadOnlyList<string> own, IReadOnlyList<string> names, List<string>? notes)
    {
        Dictionary<string, double> weightOf = own.Zip(weights).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        if (!names.All(weightOf.ContainsKey))
        {
            notes?.Add($"The weights of '{text}' are named otherwise than the classes ('{names.First(name => !weightOf.ContainsKey(name))}' is not among them), so they were taken in their order.");
            return weights;
        }

        return names.Select(name => weightOf[name]).ToArray();
    }

    private static double[]? List(string text)
    {
        string[] items = text.Split(',');
        var weights = new double[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (!NumberSyntax.TryParse(items[i], out weights[i]))
            {
                return System.IO.File.Exists(text) ? null : throw new UsageException(
                    $"--weights '{text}' is not allowed: '{items[i]}' is not a finite number, and there is no file of that name. " +
                    "A comma list of finite numbers that are not negative, or a file of them, is expected.");
            }

            if (weights[i] < 0)
            {
                throw new UsageException($"--weights '{text}' is not allowed: '{items[i]}' is negative; finite numbers that are not negative are expected.");
            }
        }

        return weights;
    }
}
