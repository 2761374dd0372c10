using System.Text.RegularExpressions;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>What gives a list of examples away.</summary>
internal static partial class LabelList
{
    /// <summary>Whether numbers are those from 0 or 1 to some other, all of which occur, and often.</summary>
    public static bool LooksLikeLabels(double[] numbers, int atLeastTimes)
    {
        double smallest = numbers.Min(), largest = numbers.Max();
        if (smallest is not (0 or 1) || largest == smallest || numbers.Length < atLeastTimes * (largest - smallest + 1))
        {
            return false;
        }

        var occurs = new bool[(int)(largest - smallest) + 1];
        foreach (double n in numbers)
        {
            if (n != Math.Floor(n))
            {
                return false;
            }

            occurs[(int)(n - smallest)] = true;
        }

        return occurs.All(here => here);
    }

    /// <summary>Whether text is a path or the name of a file.</summary>
    public static bool IsPath(ReadOnlySpan<char> text) => text.ContainsAny('/', '\\') || File().IsMatch(text);

    public static bool ArePaths(string[] texts) => MostAre(texts, text => IsPath(text));

    /// <summary>Whether most are single examples by the ends of their names.</summary>
    public static bool AreImages(string[] texts) => MostAre(texts, text => Image().IsMatch(text));

    private static bool MostAre(string[] texts, Func<string, bool> test) => 2 * texts.Count(test) >= texts.Length;

    [GeneratedRegex(@"\.[A-Za-z][A-Za-z0-9]{1,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex File();

    [GeneratedRegex(@"\.(jpe?g|png|bmp|gif|tiff?|webp|ppm|npy|wav|flac|mp3|mp4)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Image();
}
