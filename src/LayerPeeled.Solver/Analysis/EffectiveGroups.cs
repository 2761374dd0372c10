using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// The same model over groups of equal <em>effective</em> counts n_k·w_k: re-weighting can make different counts act alike (inverse frequency
/// makes all of them so), exactly or up to rounding. Such classes are equal in the model, and only as one group do they collapse together. Where features
/// count per sample, equal classes have equal counts and weights: the groups are those of the model.
/// </summary>
internal sealed class EffectiveGroups
{
    // Products n·w that should be equal differ by a few roundings; counts that differ do so by far more.
    private const double Rounding = 1e-12;

    private EffectiveGroups(LayerPeeledModel model, int[] groupOf)
    {
        Model = model;
        GroupOf = groupOf;
    }

    /// <summary>The merged model: groups by decreasing effective count, every loss weight 1, the same regulariser, p and loss.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>For each group of the original model, the group of the merged one that it went into.</summary>
    public int[] GroupOf { get; }

    public static EffectiveGroups Of(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Regulariser.FeatureNorm == FeatureNorm.PerSample)
        {
            return new EffectiveGroups(model, Enumerable.Range(0, model.Groups.Count).ToArray());
        }

        IReadOnlyList<ClassGroup> groups = model.Groups;
        var groupOf = new int[groups.Count];
        var merged = new List<(int Classes, double Total, double Largest)>();
        foreach (int g in Enumerable.Range(0, groups.Count).OrderByDescending(g => groups[g].EffectiveCount).ThenBy(g => g))
        {
            double count = groups[g].EffectiveCount, total = groups[g].Classes * count;
            if (merged.Count > 0 && count >= merged[^1].Largest * (1 - Rounding))
            {
                merged[^1] = (merged[^1].Classes + groups[g].Classes, merged[^1].Total + total, merged[^1].Largest);
            }
            else
            {
                merged.Add((groups[g].Classes, total, count));
            }

            groupOf[g] = merged.Count - 1;
        }

        LayerPeeledModel equivalent = LayerPeeledModel.FromClassGroups(
            merged.Select(m => new ClassGroup(m.Classes, m.Total / m.Classes)),
            model.Regulariser, model.FeatureDimension, model.Loss);
        return new EffectiveGroups(equivalent, groupOf);
    }

    public static void RequireCrossEntropy(LayerPeeledModel model)
    {
        if (model.Loss is not CrossEntropyLoss)
        {
            throw new ArgumentException($"The collapse law used here is for cross-entropy; the model's loss is {model.Loss.Name}.", nameof(model));
        }
    }
}
