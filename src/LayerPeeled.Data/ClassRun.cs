namespace LayerPeeled.Data;

/// <summary>Consecutive classes of one group: the numbering of a million classes is a few runs.</summary>
/// <param name="Group">The group.</param>
/// <param name="Classes">How many classes of it stand together.</param>
internal readonly record struct ClassRun(int Group, int Classes)
{
    public static List<ClassRun> Of(ReadOnlySpan<int> groupOfClass)
    {
        var runs = new List<ClassRun>();
        for (int start = 0, end; start < groupOfClass.Length; start = end)
        {
            end = start + 1;
            while (end < groupOfClass.Length && groupOfClass[end] == groupOfClass[start])
            {
                end++;
            }

            runs.Add(new ClassRun(groupOfClass[start], end - start));
        }

        return runs;
    }

    public static bool AreGroupAfterGroup(List<ClassRun> runs, int groups) =>
        runs.Count == groups && Enumerable.Range(0, groups).All(g => runs[g].Group == g);
}
