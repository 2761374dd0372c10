namespace LayerPeeled.Fuzz;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    /// <summary>No file did anything but be read or refused.</summary>
    public const int Clean = 0;

    /// <summary>There are findings.</summary>
    public const int Fault = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
