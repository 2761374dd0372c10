using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>What a sweep found, in every form the tool writes. Each form is the same however often the sweep was interrupted.</summary>
internal interface ISweepReport
{
    /// <summary>How many points are done.</summary>
    SweepProgress Progress { get; }

    /// <summary>Points whose certificate did not close.</summary>
    int NotCertified { get; }

    /// <summary>For people.</summary>
    void Write(Sheet sheet);

    /// <summary>One JSON document.</summary>
    string ToJson();

    /// <summary>Comma-separated values.</summary>
    string ToCsv();

    /// <summary>An SVG document.</summary>
    string ToSvg();
}
