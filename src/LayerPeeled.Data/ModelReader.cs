using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data;

/// <summary>Reads the model of a saved solution.</summary>
internal static class ModelReader
{
    // Files of this version know the Layer-Peeled Model alone.
    private const int BudgetsOnly = 1;

    public static LayerPeeledModel Read(JsonField field, int version)
    {
        ClassGroup[] groups = field["groups"].Items()
            .Select(g => new ClassGroup(g["classes"].Integer(), g["count"].Number(), g["weight"].Number())).ToArray();
        long classCount = groups.Sum(group => (long)group.Classes);
        if (classCount > SolutionJson.MostClasses)
        {
            throw new SolutionFormatException($"The field model.groups has {classCount} classes together; solutions of up to {SolutionJson.MostClasses} are read.");
        }

        Regulariser regulariser = ReadRegulariser(field, version);
        int dimension = field["featureDimension"].Integer();
        ILoss loss = ModelNames.ReadLoss(field["loss"]);
        try
        {
            IReadOnlyList<ClassRun> runs = field.Find("classOrder") is { } order
                ? ReadOrder(order, groups)
                : groups.Select((group, g) => new ClassRun(g, group.Classes)).ToArray();
            // Groups stand in the order of their first class, or by decreasing count: the two ways in which a model is made.
            LayerPeeledModel model = LayerPeeledModel.FromClassGroups(
                runs.Select(run => groups[run.Group] with { Classes = run.Classes }), regulariser, dimension, loss);
            if (!model.Groups.SequenceEqual(groups))
            {
                IEnumerable<int> classes = runs.SelectMany(run => Enumerable.Repeat(run.Group, run.Classes));
                model = LayerPeeledModel.FromClassCounts(
                    classes.Select(g => groups[g].Count), regulariser, classes.Select(g => groups[g].LossWeight), dimension, loss);
            }

            return model.Groups.SequenceEqual(groups) ? model : throw new SolutionFormatException(
                "The field model.groups is not in order: groups stand by decreasing count and weight or in the order of their first class, no two of them alike.");
        }
        catch (ArgumentException error)
        {
            throw new SolutionFormatException($"The field model is not a valid model: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static Regulariser ReadRegulariser(JsonField field, int version)
    {
        if (version == BudgetsOnly)
        {
            return ReadBudgets(field);
        }

        FeatureNorm norm = ModelNames.ReadFeatureNorm(field["featureNorm"]);
        return field["regulariser"].Text() switch
        {
            ModelNames.Budgets => ReadBudgets(field) with { FeatureNorm = norm },
            ModelNames.Penalties => new Penalties(field["classifierPenalty"].Number(), field["featurePenalty"].Number())
            {
                FeatureNorm = norm,
                Bias = field["biasPenalty"] is { IsNull: false } bias ? bias.Number() : null,
            },
            _ => throw field["regulariser"].Wrong($"\"{ModelNames.Budgets}\" or \"{ModelNames.Penalties}\""),
        };
    }

    private static Budgets ReadBudgets(JsonField field) => new(field["classifierBudget"].Number(), field["featureBudget"].Number());

    private static ClassRun[] ReadOrder(JsonField order, ClassGroup[] groups)
    {
        ClassRun[] runs = order.Items().Select(run =>
        {
            List<JsonField> pair = run.Items(2);
            int group = pair[0].Integer(), classes = pair[1].Integer();
            return group >= 0 && group < groups.Length && classes > 0
                ? new ClassRun(group, classes)
                : throw run.Wrong($"a pair of a group below {groups.Length} and a number of classes of at least 1");
        }).ToArray();
        var classes = new long[groups.Length];
        foreach (ClassRun run in runs)
        {
            classes[run.Group] += run.Classes;
        }

        for (int g = 0; g < groups.Length; g++)
        {
            if (classes[g] != groups[g].Classes)
            {
                throw new SolutionFormatException($"The field model.classOrder has {classes[g]} classes of group {g}; the group has {groups[g].Classes}.");
            }
        }

        return runs;
    }
}
