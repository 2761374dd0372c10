using System.Text.RegularExpressions;

namespace LayerPeeled.Data.ClassFiles;

/// <summary>What headings of columns say.</summary>
internal static partial class Headings
{
    private static readonly HashSet<string> Names =
        ["name", "names", "classname", "classnames", "labelname", "categoryname", "label_text", "title", "species", "synset", "wnid", "word", "token"];

    private static readonly HashSet<string> Classes =
    [
        "class", "classes", "label", "labels", "category", "categories", "target", "targets", "y", "classid", "labelid", "categoryid", "classidx", "labelidx",
        "classindex", "labelindex", "classlabel", "targetid", "groundtruth", "gt",
    ];

    private static readonly HashSet<string> Positions = ["id", "ids", "idx", "index", "no", "nr", "rank", "row"];

    private static readonly HashSet<string> Examples = ["path", "paths", "file", "files", "filename", "filenames", "filepath", "image", "img", "imagepath", "imgpath", "imagename", "imagefile"];

    public static bool IsCount(string heading) => Count().IsMatch(Key(heading));

    public static bool IsWeight(string heading) => Weight().IsMatch(Key(heading));

    /// <summary>Names the class of a row: a name or a number of it.</summary>
    public static bool IsClass(string heading) => Classes.Contains(Key(heading));

    /// <summary>Hardly the name of a class: a heading, whatever stands beside it.</summary>
    public static bool IsUnmistakable(string heading) =>
        Key(heading) is { Length: > 2 } key && (Classes.Contains(key) || key is "idx" or "index" or "filename" or "filepath" or "imagepath" or "imgpath");

    /// <summary>The place of an example, not of a class.</summary>
    public static bool IsExample(string heading) => Examples.Contains(Key(heading));

    /// <summary>A number of the row that counts nothing.</summary>
    public static bool IsPosition(string heading) => Key(heading).Length == 0 || Positions.Contains(Key(heading));

    /// <summary>How well a column names the classes by its heading: less is better.</summary>
    public static int NamingRank(string heading) => Names.Contains(Key(heading)) ? 0 : IsClass(heading) ? 1 : IsPosition(heading) ? 3 : 2;

    // Small letters and digits only.
    private static string Key(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(@"^(n|nk|num|number|numbers|freq|freqs|frequency|frequencies|support|occurrences|cnt|counts?|sizes?"
        + @"|(num|number|numberof|numof|nof|noof|nrof|n|of|count|countof|counts|countsof|total)(of)?(images?|imgs?|samples?|examples?|instances?|items?|objects?|observations?|records?|rows|pictures?|photos?|files?|points|train|training|test|val)+"
        + @"|images|imgs|samples|examples|instances|items|objects|observations|records|pictures|photos"
        + @"|.*(count|counts|cnt))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Count();

    [GeneratedRegex(@"^(w|weights?|.*weights?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Weight();
}
