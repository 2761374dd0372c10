namespace LayerPeeled.Cli.Output;

/// <summary>Which rows or columns of a long table people see.</summary>
internal static class Excerpt
{
    /// <summary>At most so many indices, evenly spread, with the first and the last.</summary>
    public static int[] Indices(int count, int atMost) => count <= atMost
        ? Enumerable.Range(0, count).ToArray()
        : Enumerable.Range(0, atMost).Select(i => (int)Math.Round((double)i * (count - 1) / (atMost - 1))).ToArray();
}
