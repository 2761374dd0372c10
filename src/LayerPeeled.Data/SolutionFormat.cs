namespace LayerPeeled.Data;

/// <summary>How a solution is written to a file.</summary>
public enum SolutionFormat
{
    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>An archive of NumPy arrays (<c>.npz</c>) with the rest of that document beside them.</summary>
    Npz,
}
