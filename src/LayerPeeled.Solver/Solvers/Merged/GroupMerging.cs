using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Solvers.Merged;

/// <summary>Which groups of nearly equal effective count are held together: runs of the groups in decreasing order of their weight.</summary>
internal sealed class GroupMerging
{
    private readonly LayerPeeledModel model;
    private readonly int[] order;

    // Position in the order at which each run begins, and the end.
    private readonly List<int> starts;

    private GroupMerging(LayerPeeledModel model, int[] order, List<int> starts)
    {
        this.model = model;
        this.order = order;
        this.starts = starts;
    }

    /// <summary>Number of runs.</summary>
    public int Count => starts.Count - 1;

    /// <summary>Merges groups whose weights differ by at most a factor 1 + <paramref name="width"/>. Groups without weight stay alone.</summary>
    public static GroupMerging ByWeight(LayerPeeledModel model, double width)
    {
        int[] order = Enumerable.Range(0, model.Groups.Count).OrderByDescending(model.WeightOf).ToArray();
        var starts = new List<int>();
        double first = 0;
        for (int i = 0; i < order.Length; i++)
        {
            double weight = model.WeightOf(order[i]);
            if (i == 0 || weight == 0 || first > (1 + width) * weight)
            {
                starts.Add(i);
                first = weight;
            }
        }

        starts.Add(order.Length);
        return new GroupMerging(model, order, starts);
    }

    /// <summary>The run of each group of the model.</summary>
    public int[] BlockOfGroup()
    {
        var blocks = new int[order.Length];
        for (int run = 0; run < Count; run++)
        {
            for (int i = starts[run]; i < starts[run + 1]; i++)
            {
                blocks[order[i]] = run;
            }
        }

        return blocks;
    }

    /// <summary>
    /// Cuts runs in parts of equal ratio until what merging costs, quadratic in the width of a run, fits into <paramref name="allowance"/>.
    /// </summary>
    /// <param name="excess">What each run costs now; +∞ where it spoils the bound.</param>
    /// <param name="allowance">What all of them may cost together.</param>
    public GroupMerging Refine(ReadOnlySpan<double> excess, double allowance)
    {
        const int PartsWhereSpoilt = 8;
        double share = allowance / Count;
        var refined = new List<int>();
        for (int run = 0; run < Count; run++)
        {
            int start = starts[run], end = starts[run + 1];
            refined.Add(start);
            if (!(excess[run] > share) || end - start == 1)
            {
                continue;
            }

            double parts = double.IsInfinity(excess[run]) ? PartsWhereSpoilt : Math.Ceiling(Math.Sqrt(excess[run] / share));
            double top = Math.Log(model.WeightOf(order[start])), width = (top - Math.Log(model.WeightOf(order[end - 1]))) / parts;
            int part = 0;
            for (int i = start + 1; i < end; i++)
            {
                // The last group of a run belongs to its last part, rounding or not.
                int next = Math.Min((int)((top - Math.Log(model.WeightOf(order[i]))) / width), (int)parts - 1);
                if (next != part)
                {
                    refined.Add(i);
                    part = next;
                }
            }
        }

        refined.Add(order.Length);
        return new GroupMerging(model, order, refined);
    }
}
