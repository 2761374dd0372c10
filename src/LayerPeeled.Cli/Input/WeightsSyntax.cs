using LayerPeeled.Data;

namespace LayerPeeled.Cli.Input;

/// <summary>Loss weights: a comma list of numbers, or else the path of a file of the same format as <c>--counts</c>.</summary>
internal static class WeightsSyntax
{
    /// <summary>The weights, or null where none are given.</summary>
    /// <param name="text">The list or path.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="owner">What each of them belongs to.</param>
    public static IReadOnlyList<double>? Read(string? text, int length, string owner)
    {
        if (text is null)
        {
            return null;
        }

        IReadOnlyList<double> weights = List(text) ?? File(text);
        return weights.Count == length
            ? weights
            : throw new UsageException($"--weights '{text}' has {weights.Count} weights; one for each {owner} is expected, that is {length}.");
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

    private static IReadOnlyList<double> File(string path)
    {
        try
        {
            return ClassCountReader.ReadFile(path);
        }
        catch (ClassCountFormatException error)
        {
            throw new UsageException($"--weights '{path}': {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--weights '{path}' cannot be read: {error.Message}");
        }
    }
}
