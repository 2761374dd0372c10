namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>A partition of 0 to n − 1 that grows coarser (union and find, with halved paths).</summary>
internal sealed class DisjointSets
{
    private readonly int[] parent;

    public DisjointSets(int count) => parent = [.. Enumerable.Range(0, count)];

    /// <summary>Makes the sets of two elements one.</summary>
    public void Join(int left, int right)
    {
        (int first, int second) = (Root(left), Root(right));
        parent[Math.Max(first, second)] = Math.Min(first, second);
    }

    /// <summary>The number of each element's set, in order of their least elements.</summary>
    /// <param name="count">How many sets there are.</param>
    public int[] Numbers(out int count)
    {
        int[] numbers = new int[parent.Length];
        count = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            int root = Root(i);
            numbers[i] = root == i ? count++ : numbers[root];
        }

        return numbers;
    }

    private int Root(int element)
    {
        while (parent[element] != element)
        {
            element = parent[element] = parent[parent[element]];
        }

        return element;
    }
}
