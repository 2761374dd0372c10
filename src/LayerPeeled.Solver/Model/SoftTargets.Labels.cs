namespace LayerPeeled.Solver.Model;

/// <content>Targets of classifiers.</content>
public sealed partial class SoftTargets
{
    /// <summary>Label smoothing (Szegedy et al. 2016): t_k = (1 − ε)·e_k + ε/K, one context for each class with its share of the examples as weight.</summary>
    /// <param name="counts">Examples of each of K ≥ 2 classes, finite and not negative, not all zero.</param>
    /// <param name="smoothing">ε, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static SoftTargets LabelSmoothing(IEnumerable<double> counts, double smoothing)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (!(smoothing is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "It must be at least 0 and below 1.");
        }

        double[] n = counts.ToArray();
        return From(
            SparseColumns.FromTriplets(n.Length, n.Length, n.SelectMany((_, k) => Smoothed(n.Length, k))), n);

        IEnumerable<(int, int, double)> Smoothed(int classes, int k) =>
            Enumerable.Range(0, classes).Select(j => (j, k, (j == k ? 1 - smoothing : 0) + (smoothing / classes))).Where(entry => entry.Item3 > 0);
    }

    /// <summary>Mixup of two classes (Zhang et al. 2018): t = share·e_j + (1 − share)·e_k for each pair, one context for each of them.</summary>
    /// <param name="classes">K, at least 2.</param>
    /// <param name="pairs">The two classes, the share of the first, from 0 to 1, and how many examples are mixed so.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static SoftTargets Mixup(int classes, IEnumerable<(int First, int Second, double Share, double Count)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        (int First, int Second, double Share, double Count)[] all = pairs.ToArray();
        int wrong = Array.FindIndex(all, pair => !(pair.Share is >= 0 and <= 1));
        if (wrong >= 0)
        {
            throw new ArgumentException($"The share of pair {wrong} is {all[wrong].Share}; it must be between 0 and 1.", nameof(pairs));
        }

        return From(
            SparseColumns.FromTriplets(classes, all.Length, all.SelectMany((pair, c) => new[] { (pair.First, c, pair.Share), (pair.Second, c, 1 - pair.Share) }.Where(e => e.Item3 > 0))),
            all.Select(pair => pair.Count));
    }

    /// <summary>Sets of labels, all of them to be picked (Li et al. 2024): t is 1/|S| on each label of the set S, one context for each set.</summary>
    /// <param name="labels">How many labels there are, at least 2.</param>
    /// <param name="sets">The labels of each set, none twice and at least one, and how many examples have exactly these.</param>
    /// <exception cref="ArgumentException">A set is empty or names a label twice, or an argument is out of its range.</exception>
    public static SoftTargets LabelSets(int labels, IEnumerable<(IReadOnlyCollection<int> Labels, double Count)> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        (IReadOnlyCollection<int> Labels, double Count)[] all = sets.ToArray();
        int wrong = Array.FindIndex(all, set => set.Labels.Count == 0 || set.Labels.Distinct().Count() < set.Labels.Count);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Set {wrong} is empty or names a label twice: [{string.Join(", ", all[wrong].Labels)}].", nameof(sets));
        }

        return From(
            SparseColumns.FromTriplets(labels, all.Length, all.SelectMany((set, c) => set.Labels.Select(label => (label, c, 1.0 / set.Labels.Count)))),
            all.Select(set => set.Count));
    }
}
