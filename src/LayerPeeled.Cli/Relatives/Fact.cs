using LayerPeeled.Cli.Output;

namespace LayerPeeled.Cli.Relatives;

/// <summary>One line of a report.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Field">Its name in a JSON document.</param>
/// <param name="Value">The number; null where it is words.</param>
/// <param name="Text">How people read it.</param>
internal sealed record Fact(string Name, string Field, double? Value, string Text)
{
    /// <summary>A number with all its digits.</summary>
    public static Fact Exact(string name, string field, double value) => new(name, field, value, double.IsFinite(value) ? Sheet.Exact(value) : "–");

    /// <summary>A number with six digits.</summary>
    public static Fact Short(string name, string field, double value) => new(name, field, value, Sheet.Short(value));

    /// <summary>A difference, or another number of which the size matters.</summary>
    public static Fact Small(string name, string field, double value) => new(name, field, value, double.IsFinite(value) ? Sheet.Small(value) : "–");

    /// <summary>Words.</summary>
    public static Fact Words(string name, string field, string text) => new(name, field, null, text);
}
