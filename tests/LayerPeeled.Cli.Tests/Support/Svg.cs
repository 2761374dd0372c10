using System.Globalization;
using System.Xml.Linq;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A drawing, read back.</summary>
internal sealed class Svg
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";
    private readonly XDocument document;

    public Svg(string text) => document = XDocument.Parse(text);

    public XElement Root => document.Root!;

    public IEnumerable<XElement> Elements(string name) => document.Descendants(Namespace + name);

    /// <summary>Titles of the groups of a kind, in order.</summary>
    public string[] Titles(string kind) => Groups(kind).Select(group => group.Element(Namespace + "title")!.Value).ToArray();

    public IEnumerable<XElement> Groups(string kind) => Elements("g").Where(group => (string?)group.Attribute("class") == kind);

    /// <summary>Every text with its subscripts and superscripts run together.</summary>
    public string[] Texts => Elements("text").Select(text => text.Value).ToArray();

    /// <summary>The corners of the paths in a group.</summary>
    public static (double X, double Y)[] Corners(XElement group) => group.Descendants(Namespace + "path").First().Attribute("d")!.Value
        .Split(' ').Select(corner => corner[1..].Split(',')).Select(c => (Parse(c[0]), Parse(c[1]))).ToArray();

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
