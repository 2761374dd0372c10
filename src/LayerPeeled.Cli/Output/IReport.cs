namespace LayerPeeled.Cli.Output;

/// <summary>A result in its three forms.</summary>
internal interface IReport
{
    /// <summary>For people.</summary>
    void Write(Sheet sheet);

    /// <summary>For programs: one JSON document.</summary>
    string ToJson();

    /// <summary>For spreadsheets: the headings, then the rows.</summary>
    IEnumerable<string[]> ToRows();
}
