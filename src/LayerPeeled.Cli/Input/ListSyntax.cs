using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli.Input;

/// <summary><c>3,5,7</c>: a comma list of numbers.</summary>
internal static class ListSyntax
{
    /// <summary>The numbers, in the order given.</summary>
    /// <param name="option">The option they belong to.</param>
    /// <param name="text">The list.</param>
    /// <param name="atMost">Most numbers.</param>
    /// <param name="allowed">What each must be, for messages.</param>
    /// <param name="accepts">Whether a number is that.</param>
    /// <exception cref="UsageException">A number is not.</exception>
    public static double[] Numbers(string option, string text, int atMost, string allowed, Func<double, bool> accepts)
    {
        string[] items = text.Split(',');
        if (items.Length > atMost)
        {
            throw new UsageException($"{option} '{text}' has {items.Length} numbers; at most {atMost} are possible.");
        }

        return items.Select(item => NumberSyntax.TryParse(item, out double value) && accepts(value) ? value
            : throw new UsageException($"{option} '{text}' is not allowed: '{item.Trim()}' must be {allowed}.")).ToArray();
    }

    /// <summary>The list of some numbers, all digits.</summary>
    public static string Text(IEnumerable<double> numbers) => string.Join(',', numbers.Select(CsvText.Number));
}
