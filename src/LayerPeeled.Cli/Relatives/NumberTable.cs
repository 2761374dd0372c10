namespace LayerPeeled.Cli.Relatives;

/// <summary>Numbers that a relative has for each of something.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Field">Its name in a JSON document, an array of objects.</param>
/// <param name="Item">What there is a row for.</param>
/// <param name="Columns">Heading and name in JSON of each column.</param>
/// <param name="Rows">The numbers, a row each.</param>
internal sealed record NumberTable(string Title, string Field, string Item, IReadOnlyList<(string Heading, string Field)> Columns, IReadOnlyList<double[]> Rows);
