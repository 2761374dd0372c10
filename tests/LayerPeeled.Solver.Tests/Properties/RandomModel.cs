using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>A random model, as the numbers that make it, and a seed for whatever else a property draws.</summary>
internal sealed record RandomModel(ClassGroup[] Groups, Regulariser Regulariser, string Loss, int? Dimension, int Seed)
{
    public LayerPeeledModel Model => LayerPeeledModel.FromClassGroups(Groups, Regulariser, Dimension, LossCatalog.Parse(Loss));

    public override string ToString() =>
        FormattableString.Invariant($"[{string.Join(", ", Groups.Select(g => $"new({g.Classes}, {g.Count:R}, {g.LossWeight:R})"))}], {Regulariser}, p = {Dimension?.ToString() ?? "null"}, {Loss}, seed {Seed}");

    /// <summary>The same with smaller budgets where those that were drawn reach the least value of the loss, and without what the model refuses.</summary>
    public RandomModel WithinReach()
    {
        RandomModel now = this;
        if (!now.Groups.Any(g => g.EffectiveCount > 0) || (now.Groups.Any(g => g.Count == 0) && !now.IsModel))
        {
            now = now with { Groups = [.. now.Groups.Select(g => g.Count == 0 ? g with { Count = 1 } : g)] };
        }

        while (now.Regulariser is Budgets budgets && !now.IsModel)
        {
            now = now with { Regulariser = budgets with { Classifier = budgets.Classifier / 4 } };
        }

        return now;
    }

    /// <summary>Simpler ones.</summary>
    public IEnumerable<RandomModel> Simpler()
    {
        IEnumerable<RandomModel> all =
        [
            .. Enumerable.Range(0, Groups.Length).Select(g => this with { Groups = [.. Groups[..g], .. Groups[(g + 1)..]] }),
            .. Change(g => g.Classes > 1, g => g with { Classes = g.Classes - 1 }),
            .. Change(g => g.LossWeight != 1, g => g with { LossWeight = 1 }),
            .. Change(g => g.Count > 1 && g.Count != Math.Round(g.Count), g => g with { Count = Math.Round(g.Count) }),
            this with { Loss = "cross-entropy" },
            this with { Dimension = null },
        ];
        return all.Where(m => !m.Equals(this) && m.IsModel);
    }

    public bool Equals(RandomModel? other) => other?.ToString() == ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private bool IsModel
    {
        get
        {
            try
            {
                return Model.ClassCount > 1;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    private IEnumerable<RandomModel> Change(Func<ClassGroup, bool> where, Func<ClassGroup, ClassGroup> change) =>
        Enumerable.Range(0, Groups.Length).Where(g => where(Groups[g])).Select(g => this with { Groups = [.. Groups[..g], change(Groups[g]), .. Groups[(g + 1)..]] });
}
