namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>What became of a block.</summary>
/// <param name="Skipped">Why it was not run; null if it was.</param>
/// <param name="Failure">What is wrong with it; null if nothing is.</param>
public sealed record BlockResult(string? Skipped, string? Failure)
{
    /// <summary>What it printed, where that is not what the page shows.</summary>
    public string? Printed { get; init; }
}
