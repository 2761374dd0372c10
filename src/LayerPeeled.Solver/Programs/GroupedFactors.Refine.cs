namespace LayerPeeled.Solver.Programs;

/// <content>From merged groups to finer ones.</content>
public sealed partial class GroupedFactors
{
    /// <summary>
    /// The same point over a program whose groups are parts of this one's: groups that this program holds merged are told apart again. Where a
    /// group is cut in P parts, P − 1 of the coordinates in which its classes spread out become common ones.
    /// </summary>
    /// <param name="finer">A program of the same model.</param>
    /// <exception cref="ArgumentException">A group of the finer program lies across two of this one's.</exception>
    public GroupedFactors Refine(NuclearNormProgram finer)
    {
        ArgumentNullException.ThrowIfNull(finer);
        int coarse = Program.GroupCount, n = finer.GroupCount;
        int[] parent = Parents(finer);
        List<int>[] parts = Enumerable.Range(0, coarse).Select(_ => new List<int>()).ToArray();
        for (int b = 0; b < n; b++)
        {
            parts[parent[b]].Add(b);
        }

        var refined = new GroupedFactors(finer, Rank + (n - coarse));
        int next = Rank;
        for (int a = 0; a < coarse; a++)
        {
            double size = Program.Sizes[a];
            foreach (int b in parts[a])
            {
                refined.ClassifierSpreadArray[b] = finer.Sizes[b] == 1 ? 0 : ClassifierSpread[a];
                refined.FeatureSpreadArray[b] = finer.Sizes[b] == 1 ? 0 : FeatureSpread[a];
                double share = Math.Sqrt(finer.Sizes[b] / size);
                for (int i = 0; i < Rank; i++)
                {
                    refined.ClassifierCoreArray[b + (i * n)] = ClassifierCore[a + (i * coarse)] * share;
                    refined.FeatureCoreArray[b + (i * n)] = FeatureCore[a + (i * coarse)] * share;
                }
            }

            // Contrasts between the parts: all but the last column of the reflection that takes e_P to −v, v_b = √(K_b/K_a).
            double pivot = 1 + Math.Sqrt(finer.Sizes[parts[a][^1]] / size);
            for (int column = 0; column < parts[a].Count - 1; column++, next++)
            {
                double v = Math.Sqrt(finer.Sizes[parts[a][column]] / size);
                for (int row = 0; row < parts[a].Count; row++)
                {
                    int b = parts[a][row];
                    double u = row == parts[a].Count - 1 ? pivot : Math.Sqrt(finer.Sizes[b] / size);
                    double contrast = (row == column ? 1 : 0) - (u * v / pivot);
                    refined.ClassifierCoreArray[b + (next * n)] = ClassifierSpread[a] * contrast;
                    refined.FeatureCoreArray[b + (next * n)] = FeatureSpread[a] * contrast;
                }
            }
        }

        return refined;
    }

    private int[] Parents(NuclearNormProgram finer)
    {
        var parent = new int[finer.GroupCount];
        Array.Fill(parent, -1);
        for (int g = 0; g < finer.BlockOfGroup.Length; g++)
        {
            int b = finer.BlockOfGroup[g], a = Program.BlockOfGroup[g];
            if (parent[b] >= 0 && parent[b] != a)
            {
                throw new ArgumentException($"Group {b} of the finer program lies across groups {parent[b]} and {a}.", nameof(finer));
            }

            parent[b] = a;
        }

        return parent;
    }
}
