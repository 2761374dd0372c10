using System.Text.Json;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data;

/// <summary>Writes the model of a solution.</summary>
internal static class ModelWriter
{
    public static void Write(Utf8JsonWriter json, LayerPeeledModel model, IReadOnlyList<string>? classNames)
    {
        json.WriteStartObject("model");
        json.WriteStartArray("groups");
        foreach (ClassGroup group in model.Groups)
        {
            json.WriteStartObject();
            json.WriteNumber("classes", group.Classes);
            json.WriteNumber("count", group.Count);
            json.WriteNumber("weight", group.LossWeight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, model.Regulariser);
        json.WriteNumber("featureDimension", model.FeatureDimension);
        json.WriteString("loss", model.Loss.Name);
        List<ClassRun> runs = ClassRun.Of(model.GroupOfClass);
        if (!ClassRun.AreGroupAfterGroup(runs, model.Groups.Count))
        {
            json.WritePropertyName("classOrder");
            json.WriteRawValue($"[{string.Join(", ", runs.Select(run => $"[{run.Group}, {run.Classes}]"))}]", skipInputValidation: true);
        }

        if (classNames is not null)
        {
            json.WriteStartArray("classNames");
            foreach (string name in classNames)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Regulariser regulariser)
    {
        var penalties = regulariser as Penalties;
        json.WriteString("regulariser", penalties is null ? ModelNames.Budgets : ModelNames.Penalties);
        if (regulariser is Budgets budgets)
        {
            json.WriteNumber("classifierBudget", budgets.Classifier);
            json.WriteNumber("featureBudget", budgets.Feature);
        }
        else if (penalties is not null)
        {
            json.WriteNumber("classifierPenalty", penalties.Classifier);
            json.WriteNumber("featurePenalty", penalties.Feature);
            json.WritePropertyName("biasPenalty");
            if (penalties.Bias is { } bias)
            {
                json.WriteNumberValue(bias);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteString("featureNorm", ModelNames.Of(regulariser.FeatureNorm));
    }
}
