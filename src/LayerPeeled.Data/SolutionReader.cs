using System.Text.Json;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>Reads one solution, checking presence, type and shape of every field it uses.</summary>
internal sealed class SolutionReader(JsonElement element)
{
    private const int OldestVersion = 1;

    private readonly JsonField root = new(element, "");

    public SavedSolution Read()
    {
        int version = root["formatVersion"].Integer();
        if (version is < OldestVersion or > SolutionJson.FormatVersion)
        {
            throw new SolutionFormatException($"The field formatVersion is {version}; this version reads {OldestVersion} to {SolutionJson.FormatVersion}.");
        }

        LayerPeeledModel model = ModelReader.Read(root["model"], version);
        bool hasBias = model.Regulariser is Penalties { Bias: not null };
        int classCount = root["classCount"].Integer();
        if (classCount != model.ClassCount)
        {
            throw new SolutionFormatException($"The field classCount is {classCount}; the groups of the model have {model.ClassCount} classes.");
        }

        JsonField matrices = root["matrices"];
        var saved = new SavedSolution
        {
            Model = model,
            ClassNames = root["model"].Find("classNames")?.Items(model.ClassCount).ConvertAll(name => name.Text()),
            Status = ReadStatus(root["status"]),
            Method = root["method"].Text(),
            Objective = root["objective"].NumberOrNaN(),
            MeanLoss = model.Regulariser is Penalties ? root["meanLoss"].NumberOrNaN() : double.NaN,
            ObjectiveUpperBound = root.Find("objectiveUpperBound")?.NumberOrNaN() ?? double.NaN,
            LowerBound = root["lowerBound"].NumberOrNaN(),
            AbsoluteGap = root["absoluteGap"].NumberOrNaN(),
            RelativeGap = root["relativeGap"].NumberOrNaN(),
            GapTolerance = root["gapTolerance"].Number(),
            Multiplier = root["multiplier"].NumberOrNaN(),
            CriticalClassSize = root["criticalClassSize"].NumberOrNaN(),
            Log10Objective = root.Find("log10Objective")?.NumberOrNaN() ?? double.NaN,
            Log10ObjectiveUpperBound = root.Find("log10ObjectiveUpperBound")?.NumberOrNaN() ?? double.NaN,
            Log10LowerBound = root.Find("log10LowerBound")?.NumberOrNaN() ?? double.NaN,
            Log10AbsoluteGap = root.Find("log10AbsoluteGap")?.NumberOrNaN() ?? double.NaN,
            Log10Multiplier = root.Find("log10Multiplier")?.NumberOrNaN() ?? double.NaN,
            Log10CriticalClassSize = root.Find("log10CriticalClassSize")?.NumberOrNaN() ?? double.NaN,
            ClassesBelowCriticalSize = root["classesBelowCriticalSize"].Integer(),
            Groups = ReadGroups(root["groups"], model),
            GroupBiases = hasBias ? root["groups"].Items().ConvertAll(group => group["bias"].NumberOrNaN()) : null,
            ClassifierCosines = ReadCosines(root["classifierCosines"], model),
            FeatureCosines = ReadCosines(root["featureCosines"], model),
        };
        string form = matrices["form"].Text();
        return form switch
        {
            "classes" => ReadClassForm(saved, matrices, hasBias),
            "groups" => saved with { Factors = ReadGroupForm(model, matrices, hasBias) },
            _ => throw matrices["form"].Wrong("\"classes\" or \"groups\""),
        };
    }

    private static SolverStatus ReadStatus(JsonField field) =>
        Enum.TryParse(field.Text(), out SolverStatus status) && status.ToString() == field.Text()
            ? status : throw field.Wrong($"one of {string.Join(", ", Enum.GetNames<SolverStatus>())}");

    private static GroupGeometry[] ReadGroups(JsonField field, LayerPeeledModel model) =>
        field.Items(model.Groups.Count).Select((group, g) =>
        {
            double classifierCosine = group["classifierCosine"].NumberOrNaN(), featureCosine = group["featureCosine"].NumberOrNaN();
            var claimed = new GroupGeometry
            {
                Classes = group["classes"].Integer(),
                Count = group["count"].Number(),
                LossWeight = group["weight"].Number(),
                ClassifierNorm2 = group["classifierNorm2"].NumberOrNaN(),
                FeatureNorm2 = group["featureNorm2"].NumberOrNaN(),
                ClassifierCosine = classifierCosine,
                FeatureCosine = featureCosine,
                LeastClassifierCosine = group.Find("leastClassifierCosine")?.NumberOrNaN() ?? classifierCosine,
                LargestClassifierCosine = group.Find("largestClassifierCosine")?.NumberOrNaN() ?? classifierCosine,
                LeastFeatureCosine = group.Find("leastFeatureCosine")?.NumberOrNaN() ?? featureCosine,
                LargestFeatureCosine = group.Find("largestFeatureCosine")?.NumberOrNaN() ?? featureCosine,
                Collapsed = group["collapsed"].Boolean(),
            };
            return new ClassGroup(claimed.Classes, claimed.Count, claimed.LossWeight) == model.Groups[g]
                ? claimed
                : throw new SolutionFormatException($"The field groups[{g}] has other classes, count or weight than model.groups[{g}].");
        }).ToArray();

    private static Matrix<double>? ReadCosines(JsonField field, LayerPeeledModel model) =>
        field.IsNull ? null : ReadMatrix(field, model.Groups.Count, model.Groups.Count, nullable: true);

    private static SavedSolution ReadClassForm(SavedSolution saved, JsonField matrices, bool hasBias)
    {
        int classes = saved.Model.ClassCount, dimension = saved.Model.FeatureDimension;
        Matrix<double> classifier = ReadMatrix(matrices["classifier"], classes, null);
        Matrix<double> means = ReadMatrix(matrices["classMeans"], classifier.ColumnCount, classes);
        return classifier.ColumnCount <= dimension
            ? saved with { Classifier = classifier, ClassMeans = means, Bias = hasBias ? Vector<double>.Build.Dense(matrices["bias"].Row(classes)) : null }
            : throw new SolutionFormatException($"The field matrices.classifier has {classifier.ColumnCount} columns; the feature dimension is {dimension}.");
    }

    private static GroupedFactors ReadGroupForm(LayerPeeledModel model, JsonField matrices, bool hasBias)
    {
        NuclearNormProgram program = ReadProgram(model, matrices);
        int groups = program.GroupCount;
        double[][] classifier = ReadRows(matrices["classifierCore"], groups, null);
        int rank = classifier[0].Length;
        double[][] feature = ReadRows(matrices["featureCore"], groups, rank);
        double[] classifierCore = new double[groups * rank], featureCore = new double[groups * rank];
        for (int g = 0; g < groups; g++)
        {
            for (int i = 0; i < rank; i++)
            {
                classifierCore[g + (i * groups)] = classifier[g][i];
                featureCore[g + (i * groups)] = feature[g][i];
            }
        }

        return new GroupedFactors(
            program, rank, matrices["classifierSpread"].Row(groups), matrices["featureSpread"].Row(groups), classifierCore, featureCore,
            hasBias ? matrices["biasCore"].Row(groups) : []);
    }

    private static NuclearNormProgram ReadProgram(LayerPeeledModel model, JsonField matrices)
    {
        if (matrices.Find("mergedGroup") is not { } merged)
        {
            return NuclearNormProgram.ForGroups(model);
        }

        int[] blocks = merged.Items(model.Groups.Count).Select(item => item.Integer()).ToArray();
        try
        {
            return NuclearNormProgram.ForMergedGroups(model, blocks);
        }
        catch (ArgumentException)
        {
            throw new SolutionFormatException("The field matrices.mergedGroup does not number the merged groups from 0 without gaps.");
        }
    }

    private static Matrix<double> ReadMatrix(JsonField field, int rows, int? columns, bool nullable = false)
    {
        double[][] data = ReadRows(field, rows, columns, nullable);
        return data[0].Length > 0 ? Matrix<double>.Build.DenseOfRowArrays(data) : throw field.Items()[0].Wrong("at least one number");
    }

    private static double[][] ReadRows(JsonField field, int rows, int? columns, bool nullable = false)
    {
        List<JsonField> items = field.Items(rows);
        var data = new double[items.Count][];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = items[i].Row(i == 0 ? columns : columns ?? data[0].Length, nullable);
        }

        return data;
    }
}
