using FsCheck;
using FsCheck.Fluent;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Properties;

/// <summary>Generators of models and of the numbers in them.</summary>
internal static class Draw
{
    private const int MostGroups = 4;
    private const int MostClasses = 4;

    /// <summary>Between 0 and 1.</summary>
    public static Gen<double> Unit { get; } = Gen.Choose(0, 1 << 30).Select(i => i / (double)(1 << 30));

    /// <summary>Any convex loss of the catalogue, with any parameters that it allows; cross-entropy most often.</summary>
    public static Gen<string> ConvexLoss { get; } = Gen.Frequency(
        (2, Gen.Constant("cross-entropy")),
        (3, from entry in Gen.Elements(LossCatalog.Entries.Where(e => e.Name != "focal"))
            from values in Gen.CollectToArray(entry.Parameters.Select(Parameter))
            select values.Length == 0 ? entry.Name
                : $"{entry.Name}:{string.Join(",", entry.Parameters.Zip(values, (p, v) => FormattableString.Invariant($"{p.Name}={v}")))}"));

    /// <summary>Models with budgets that count per class, cross-entropy, any p that is large enough.</summary>
    public static Gen<RandomModel> CrossEntropy { get; } = Models(Gen.Constant("cross-entropy"), PlainBudgets, anyDimension: false);

    /// <summary>Models with budgets that count per class, and any convex loss.</summary>
    public static Gen<RandomModel> Budgeted { get; } = Models(ConvexLoss, PlainBudgets, anyDimension: false);

    /// <summary>Models with any convex loss, regulariser and feature dimension.</summary>
    public static Gen<RandomModel> Any { get; } = Models(ConvexLoss, Gen.OneOf(PlainBudgets, AnyBudgets, AnyPenalties), anyDimension: true);

    /// <summary>Models with penalties, any convex loss and p.</summary>
    public static Gen<RandomModel> Penalised { get; } = Models(ConvexLoss, AnyPenalties, anyDimension: true);

    private static Gen<Regulariser> PlainBudgets =>
        from classifier in Power(-3, 2) from feature in Power(-3, 2) select (Regulariser)new Budgets(classifier, feature);

    private static Gen<Regulariser> AnyBudgets =>
        from budgets in PlainBudgets from norm in Gen.Elements(Enum.GetValues<FeatureNorm>()) select budgets with { FeatureNorm = norm };

    private static Gen<Regulariser> AnyPenalties =>
        from classifier in Power(-5, 0)
        from feature in Power(-8, -1)
        from bias in Gen.OneOf(Gen.Constant((double?)null), Gen.Constant((double?)0), Power(-5, 1).Select(b => (double?)b))
        from norm in Gen.Elements(Enum.GetValues<FeatureNorm>())
        select (Regulariser)new Penalties(classifier, feature) { Bias = bias, FeatureNorm = norm };

    /// <summary>10^x with x between two numbers.</summary>
    public static Gen<double> Power(double least, double largest) => Unit.Select(u => Math.Pow(10, least + ((largest - least) * u)));

    private static Gen<RandomModel> Models(Gen<string> losses, Gen<Regulariser> regularisers, bool anyDimension) =>
        from groups in Groups
        from regulariser in regularisers
        from loss in losses
        let classes = groups.Sum(g => g.Classes)
        from dimension in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(anyDimension ? 1 : classes, classes + 1).Select(p => (int?)p))
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new RandomModel(groups, regulariser, loss, dimension, seed).WithinReach();

    private static Gen<ClassGroup[]> Groups =>
        from count in Gen.Choose(1, MostGroups)
        from groups in Group.ArrayOf(count)
        from twin in Gen.Frequency((4, Gen.Constant(0.0)), (1, Power(-16, -3)))
        select AtLeastTwo(WithTwin(groups, twin));

    // Two groups that are all but equal
    private static ClassGroup[] WithTwin(ClassGroup[] groups, double difference) =>
        difference == 0 ? groups : [.. groups, groups[0] with { Count = groups[0].Count * (1 + difference) }];

    private static ClassGroup[] AtLeastTwo(ClassGroup[] groups) =>
        groups.Sum(g => g.Classes) > 1 ? groups : [groups[0] with { Classes = 2 }, .. groups[1..]];

    private static Gen<ClassGroup> Group =>
        from classes in Gen.Choose(1, MostClasses)
        from count in Gen.Frequency((8, Power(0, 4).Select(n => Math.Round(n))), (3, Power(-3, 6)), (1, Gen.Constant(0.0)))
        from weight in Gen.Frequency((3, Gen.Constant(1.0)), (1, Power(-2, 1)))
        select new ClassGroup(classes, count, weight);

    // Within what the catalogue allows, and within what numbers of examples and budgets are drawn for
    private static Gen<double> Parameter(LossParameter parameter)
    {
        double least = Math.Max(parameter.Least, -1), largest = Math.Min(parameter.Largest, 2);
        return Unit.Select(u => Math.Round(least + ((largest - least) * u), 3));
    }
}
