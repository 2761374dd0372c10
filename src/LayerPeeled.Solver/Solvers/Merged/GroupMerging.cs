using System.Numerics.Tensors;
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

    /// <summary>
    /// Merges groups whose weights differ by at most a factor 1 + <paramref name="width"/>, or a larger one where that leaves more than
    /// <paramref name="largestCount"/> runs. Groups without weight are equal, whatever their counts.
    /// </summary>
    public static GroupMerging ByWeight(LayerPeeledModel model, double width, int largestCount)
    {
        GroupMerging merging = ByWeight(model, width);
        while (merging.Count > Math.Max(largestCount, 2) && double.IsFinite(width))
        {
            width *= 2;
            merging = ByWeight(model, width);
        }

        return merging;
    }

    private static GroupMerging ByWeight(LayerPeeledModel model, double width)
    {
        int[] order = Enumerable.Range(0, model.Groups.Count).OrderByDescending(model.WeightOf).ToArray();
        var starts = new List<int>();
        double first = 0;
        for (int i = 0; i < order.Length; i++)
        {
            double weight = model.WeightOf(order[i]);
            if (i == 0 || first > (1 + width) * weight)
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
    /// Cuts runs in parts of equal ratio until what merging costs, quadratic in the width of a run, fits into <paramref name="allowance"/>, in
    /// as few runs as that takes: m parts of a run with cost c cost c/m², so m ∝ c^{1/3}.
    /// </summary>
    /// <param name="cost">What each run costs now.</param>
    /// <param name="allowance">What all of them may cost together.</param>
    /// <param name="largestCount">Most runs there may be; where that is too few, the allowance is exceeded.</param>
    /// <param name="expected">What all of them are expected to cost.</param>
    public GroupMerging Refine(ReadOnlySpan<double> cost, double allowance, int largestCount, out double expected)
    {
        int[] parts = Parts(cost, allowance, largestCount, out expected);
        var refined = new List<int>();
        for (int run = 0; run < Count; run++)
        {
            int start = starts[run], end = starts[run + 1];
            refined.Add(start);
            if (parts[run] == 1)
            {
                continue;
            }

            double top = Math.Log(model.WeightOf(order[start])), width = (top - Math.Log(model.WeightOf(order[end - 1]))) / parts[run];
            int part = 0;
            for (int i = start + 1; i < end; i++)
            {
                // The last group of a run belongs to its last part, rounding or not.
                int next = Math.Min((int)((top - Math.Log(model.WeightOf(order[i]))) / width), parts[run] - 1);
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

    // m = ⌈c^{1/3}·t⌉, at most as many as a run has groups, with the least t that will do
    private int[] Parts(ReadOnlySpan<double> cost, double allowance, int largestCount, out double expected)
    {
        const int Bisections = 50;
        var parts = new int[Count];
        double largest = TensorPrimitives.Max(cost), smallest = largest;
        foreach (double c in cost)
        {
            smallest = c > 0 ? Math.Min(smallest, c) : smallest;
        }

        // log t: from no run cut to every run cut as far as it goes
        double low = -(Math.Log(largest) / 3) - 1e-6, high = Math.Log(order.Length) - (Math.Log(smallest) / 3);
        expected = largest > 0 ? Fill(parts, cost, Math.Exp(low), out _) : 0;
        if (expected <= allowance)
        {
            Array.Fill(parts, 1);
            return parts;
        }

        for (int i = 0; i < Bisections; i++)
        {
            double middle = 0.5 * (low + high);
            bool enough = Fill(parts, cost, Math.Exp(middle), out int count) <= allowance || count > largestCount;
            (low, high) = enough ? (low, middle) : (middle, high);
        }

        expected = Fill(parts, cost, Math.Exp(high), out int total);
        if (total > largestCount)
        {
            expected = Fill(parts, cost, Math.Exp(low), out _);
        }

        return parts;
    }

    private double Fill(int[] parts, ReadOnlySpan<double> cost, double t, out int count)
    {
        double sum = 0;
        count = 0;
        for (int run = 0; run < parts.Length; run++)
        {
            int groups = starts[run + 1] - starts[run];
            parts[run] = (int)Math.Clamp(Math.Ceiling(Math.Cbrt(cost[run]) * t), 1, groups);
            sum += parts[run] == groups ? 0 : cost[run] / ((double)parts[run] * parts[run]);
            count += parts[run];
        }

        return sum;
    }
}
