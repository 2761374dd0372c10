using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data.Targets;

/// <summary>The first line of a Matrix Market file, for example <c>%%MatrixMarket matrix coordinate real general</c>.</summary>
/// <param name="IsArray">Whether all numbers stand in the file, column after column, rather than those that are not zero with their places.</param>
/// <param name="IsPattern">Whether entries have no value and are all 1.</param>
/// <param name="IsInteger">Whether values are whole numbers.</param>
/// <param name="IsSymmetric">Whether entries above the diagonal are left out.</param>
internal readonly record struct MatrixMarketHeader(bool IsArray, bool IsPattern, bool IsInteger, bool IsSymmetric)
{
    public const string Banner = "%%MatrixMarket";

    // SciPy writes the last two.
    private static readonly string[] Fields = ["real", "integer", "pattern", "double", "unsigned-integer"];

    public static MatrixMarketHeader Parse(ReadOnlySpan<char> line)
    {
        string[] words = line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string text = Shown.Quote(line);
        if (words.Length != 5 || !Is(words[0], Banner) || !Is(words[1], "matrix"))
        {
            throw new TargetFormatException($"{text} is not the first line of a Matrix Market file, as in '{Banner} matrix coordinate real general'.", 1);
        }

        int form = IndexOf(words[2], ["coordinate", "array"]), field = IndexOf(words[3], Fields), symmetry = IndexOf(words[4], ["general", "symmetric"]);
        string? wrong = form < 0 ? $"{Shown.Quote(words[2])} is neither coordinate nor array"
            : field < 0 || (form == 1 && Fields[field] == "pattern") ? $"{Shown.Quote(words[3])} is none of {string.Join(", ", Fields.Where(f => form == 0 || f != "pattern"))}"
            : symmetry < 0 ? $"{Shown.Quote(words[4])} is neither general nor symmetric" : null;
        return wrong is null ? new(form == 1, Fields[field] == "pattern", field is 1 or 4, symmetry == 1)
            : throw new TargetFormatException($"{text} is a Matrix Market file of another kind: {wrong}.", 1);
    }

    private static int IndexOf(string word, string[] words) => Array.FindIndex(words, w => Is(word, w));

    private static bool Is(string word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
