using System.Globalization;
using System.Text;
using System.Xml;

namespace LayerPeeled.Cli.Plotting;

/// <summary>Writes the shapes of one drawing as SVG 1.1; the same shapes always give the same bytes.</summary>
internal sealed class SvgCanvas : IDisposable
{
    public const string Ink = "#1a1a1a";
    public const string Faint = "#d9d9d9";
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const double SubscriptDrop = 0.22;
    private const double SuperscriptRise = 0.4;
    private readonly StringBuilder text = new();
    private readonly XmlWriter xml;

    /// <summary>Begins a drawing.</summary>
    /// <param name="width">Width in pixels of 1/96 inch.</param>
    /// <param name="height">Height in the same.</param>
    /// <param name="title">What it shows, in plain text.</param>
    public SvgCanvas(double width, double height, string title)
    {
        xml = XmlWriter.Create(text, new XmlWriterSettings { NewLineChars = "\n", OmitXmlDeclaration = true });
        xml.WriteStartElement("svg", Namespace);
        Attributes(
            ("width", Number(width)), ("height", Number(height)), ("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("role", "img"),
            ("font-family", "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"), ("fill", Ink));
        xml.WriteElementString("title", Namespace, title);
        Rectangle(0, 0, width, height, "#ffffff");
    }

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture) is var number && number == "-0" ? "0" : number;

    /// <summary>Opens a group, with a title that programs and pointers find.</summary>
    public void BeginGroup(string kind, string? title = null, string? clip = null)
    {
        Start("g");
        Attributes(("class", kind), ("clip-path", clip is null ? null : $"url(#{clip})"));
        if (title is not null)
        {
            xml.WriteElementString("title", Namespace, title);
        }
    }

    public void EndGroup() => xml.WriteEndElement();

    /// <summary>Defines a rectangle that groups can be clipped to.</summary>
    public void Clip(string id, double x, double y, double width, double height)
    {
        Start("clipPath");
        Attributes(("id", id));
        Rectangle(x, y, width, height, null);
        xml.WriteEndElement();
    }

    /// <summary>Defines a fill of slanted lines.</summary>
    public void Hatch(string id)
    {
        Start("pattern");
        Attributes(("id", id), ("width", "6"), ("height", "6"), ("patternUnits", "userSpaceOnUse"));
        Rectangle(0, 0, 6, 6, "#ffffff");
        Path("M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5", "#808080", 0.8);
        xml.WriteEndElement();
    }

    public void Rectangle(double x, double y, double width, double height, string? fill, string? stroke = null, double strokeWidth = 1, bool crisp = false)
    {
        Start("rect");
        Attributes(
            ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("fill", fill ?? "none"), ("stroke", stroke),
            ("stroke-width", stroke is null ? null : Number(strokeWidth)), ("shape-rendering", crisp ? "crispEdges" : null));
        xml.WriteEndElement();
    }

    public void Line(double x1, double y1, double x2, double y2, string stroke, double strokeWidth, string? dash = null) =>
        Path($"M{Number(x1)},{Number(y1)} L{Number(x2)},{Number(y2)}", stroke, strokeWidth, dash);

    public void Path(string data, string? stroke, double strokeWidth, string? dash = null, string? fill = null)
    {
        Start("path");
        Attributes(
            ("d", data), ("fill", fill ?? "none"), ("stroke", stroke), ("stroke-width", stroke is null ? null : Number(strokeWidth)),
            ("stroke-dasharray", dash), ("stroke-linejoin", "round"));
        xml.WriteEndElement();
    }

    /// <summary>Text in the markup of <see cref="MarkedText"/>; its baseline is at y.</summary>
    public void Text(double x, double y, string markup, double size, TextAnchor anchor = TextAnchor.Start, bool isUpright = true)
    {
        Start("text");
        Attributes(
            ("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)),
            ("text-anchor", anchor switch { TextAnchor.Start => null, TextAnchor.Middle => "middle", _ => "end" }),
            ("xml:space", "preserve"), ("transform", isUpright ? null : $"rotate(-90 {Number(x)} {Number(y)})"));
        double shift = 0;
        foreach (MarkedPiece piece in MarkedText.Pieces(markup))
        {
            double wanted = piece.Mark switch { '_' => SubscriptDrop * size, '^' => -SuperscriptRise * size, _ => 0 };
            if (piece.Mark == ' ' && wanted == shift)
            {
                xml.WriteString(piece.Text);
                continue;
            }

            xml.WriteStartElement("tspan", Namespace);
            Attributes(
                ("dy", wanted == shift ? null : Number(wanted - shift)), ("font-style", piece.Mark == '*' ? "italic" : null),
                ("font-size", piece.Mark is '_' or '^' ? Number(MarkedText.ScriptSize * size) : null));
            xml.WriteString(piece.Text);
            xml.WriteEndElement();
            shift = wanted;
        }

        xml.WriteEndElement();
    }

    /// <summary>Ends the drawing.</summary>
    /// <returns>The document.</returns>
    public string Finish()
    {
        xml.WriteEndElement();
        xml.Flush();
        return text.Append('\n').ToString();
    }

    public void Dispose() => xml.Dispose();

    // One shape a line
    private void Start(string element)
    {
        xml.WriteWhitespace("\n");
        xml.WriteStartElement(element, Namespace);
    }

    private void Attributes(params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        foreach ((string name, string? value) in attributes)
        {
            if (value is not null)
            {
                // "xml:" is the one prefix in use.
                string[] parts = name.Split(':');
                xml.WriteAttributeString(parts.Length > 1 ? parts[0] : null, parts[^1], null, value);
            }
        }
    }
}
