using System.Globalization;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Cli.Input;

/// <summary><c>5x1000,5x10</c>: five classes of 1000 examples and five of 10.</summary>
internal static class ClassesSyntax
{
    public static ClassGroup[] Parse(string text) => text.Split(',').Select((item, i) => Group(text, item.Trim(), i + 1)).ToArray();

    private static ClassGroup Group(string text, string item, int number)
    {
        int times = item.IndexOf('x', StringComparison.OrdinalIgnoreCase);
        return times > 0
            && int.TryParse(item.AsSpan(0, times), NumberStyles.None, CultureInfo.InvariantCulture, out int classes) && classes >= 1
            && NumberSyntax.TryParse(item[(times + 1)..], out double count) && count >= 0
            ? new ClassGroup(classes, count)
            : throw new UsageException(
                $"--classes '{text}': group {number} is '{item}'; a number of classes of at least 1, an x and the examples of each class " +
                "(a finite number that is not negative) are expected, as in 5x1000,5x10.");
    }
}
