namespace LayerPeeled.Solver.Analysis.Diagnosis;

internal static class DisplayGroups
{
    private const int DefaultMostGroups = 12;

    /// <summary>Half the classes, at most 12: so that few groups are of a single class, which has no angle.</summary>
    public static int DefaultMost(int classes) => Math.Clamp(classes / 2, 1, DefaultMostGroups);

    /// <summary>
    /// Group of each class: one for each distinct count, or bins of neighbouring counts with about equally many classes when these are too many.
    /// Group 0 has the largest counts; equal counts are never divided.
    /// </summary>
    public static int[] Of(IReadOnlyList<double> counts, int mostGroups)
    {
        (double Count, int[] Classes)[] distinct = Enumerable.Range(0, counts.Count).GroupBy(k => counts[k])
            .OrderByDescending(g => g.Key).Select(g => (g.Key, g.ToArray())).ToArray();
        var group = new int[counts.Count];
        int current = 0, inGroup = 0, left = counts.Count;
        for (int i = 0; i < distinct.Length; i++)
        {
            int size = distinct[i].Classes.Length, groupsLeft = mostGroups - current, distinctLeft = distinct.Length - i;

            // The next bin begins where this one, with half of the next count, would exceed its share of what is left.
            bool isFull = distinctLeft < groupsLeft || inGroup + (size / 2.0) > (double)(inGroup + left) / groupsLeft;
            if (inGroup > 0 && current < mostGroups - 1 && (distinct.Length <= mostGroups || isFull))
            {
                current++;
                inGroup = 0;
            }

            foreach (int k in distinct[i].Classes)
            {
                group[k] = current;
            }

            inGroup += size;
            left -= size;
        }

        return group;
    }
}
