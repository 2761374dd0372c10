using System.Globalization;
using System.Reflection;
using System.Text.Json;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>Writes one solution.</summary>
internal sealed class SolutionWriter(Utf8JsonWriter json, LayerPeeledSolution solution, SolutionJsonOptions options)
{
    private readonly List<string> notes = [.. options.Notes];

    public void Write()
    {
        json.WriteStartObject();
        json.WriteNumber("formatVersion", SolutionJson.FormatVersion);
        json.WriteString("tool", "layerpeeled");
        json.WriteString("version", Version());
        json.WriteString("status", solution.Status.ToString());
        json.WriteString("method", solution.Method);
        json.WriteString("reason", solution.Reason);
        Number("objective", solution.Objective);
        Number("log10Objective", solution.Log10Objective);
        if (solution.Model.Regulariser is Penalties)
        {
            Number("meanLoss", solution.Loss);
        }

        bool isWhole = AreWhole();
        DualityCertificate? written = isWhole ? CertificateOfClasses() : null;
        if (written?.Closes(solution.RelativeGapTolerance) == false)
        {
            (isWhole, written) = (false, null);
        }

        var claim = new SolutionClaim(solution, isWhole || !solution.Factors.Program.IsReduced ? solution.Model.ClassCount : solution.Factors.Program.GroupCount, written);
        Number("objectiveUpperBound", claim.Upper);
        Number("lowerBound", claim.Lower);
        Number("absoluteGap", claim.Gap);
        Number("relativeGap", claim.RelativeGap);
        Number("gapTolerance", solution.RelativeGapTolerance);
        Number("geometryError", solution.GeometryError);
        Number("multiplier", solution.Multiplier);
        Number("criticalClassSize", solution.CriticalClassSize);
        if (solution.Certificate.LogUnit != 0)
        {
            // The fields without "log10" are zero, or have lost digits.
            NumberOrNull("log10ObjectiveUpperBound", claim.Log10Upper);
            NumberOrNull("log10LowerBound", claim.Log10Lower);
            NumberOrNull("log10AbsoluteGap", claim.Log10Gap);
            NumberOrNull("log10Multiplier", solution.Certificate.Log10Multiplier);
            NumberOrNull("log10CriticalClassSize", solution.Log10CriticalClassSize);
        }

        json.WriteNumber("classCount", solution.Model.ClassCount);
        Number("examples", solution.Model.Groups.Sum(group => group.Classes * group.Count));
        if (options.Source is { } source)
        {
            json.WriteString("source", source);
        }

        json.WriteNumber("classesBelowCriticalSize", solution.ClassesBelowCriticalSize);
        json.WriteNumber("iterations", solution.Iterations);
        Number("seconds", solution.Elapsed.TotalSeconds);
        ModelWriter.Write(json, solution.Model, options.ClassNames);
        WriteGroups(solution.Groups);
        Cosines("classifierCosines", () => solution.ClassifierCosines);
        Cosines("featureCosines", () => solution.FeatureCosines);
        if (options.IncludeMatrices)
        {
            WriteMatrices(isWhole);
        }

        if (solution.ExcessRank is { } rank)
        {
            notes.Add($"The optimum of the relaxation needs {rank} feature dimensions and the model has {solution.Model.FeatureDimension}: the point was brought down to them.");
        }

        Strings("notes", notes);
        json.WriteEndObject();
    }

    // Whether W and H̄ have all their columns. Losses too small for a double have logits so large that a certificate class by class is looser than over the
    // groups by its roundings.
    private bool AreWhole() => solution.Model.ClassCount <= options.LargestClassForm && solution.Model.FeatureDimension <= 2L * solution.Model.ClassCount
        && solution.Certificate.LogUnit == 0 && FitsDimension();

    // With a bias, a certificate class by class may be so much looser than over the groups that the gap opens. Null where that need not be looked at.
    private DualityCertificate? CertificateOfClasses() =>
        options.IncludeMatrices && solution is { Status: SolverStatus.Optimal, Bias: { } bias } && solution.Factors.Program.IsReduced
            ? DualityGap.Certify(solution.Model, solution.Classifier, solution.ClassMeans, bias)
            : null;

    // Without the revision that a build may append.
    private static string Version() =>
        typeof(SolutionWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private void WriteGroups(IReadOnlyList<GroupGeometry> groups)
    {
        int single = 0, vanishing = 0;
        ILookup<int, string>? names = options.ClassNames is { } all ? NamesByGroup(solution.Model, all) : null;
        json.WriteStartArray("groups");
        for (int g = 0; g < groups.Count; g++)
        {
            GroupGeometry group = groups[g];
            json.WriteStartObject();
            json.WriteNumber("classes", group.Classes);
            json.WriteNumber("count", group.Count);
            json.WriteNumber("weight", group.LossWeight);
            Number("classifierNorm2", group.ClassifierNorm2, $"groups[{g}].");
            Number("featureNorm2", group.FeatureNorm2, $"groups[{g}].");
            if (group.Bias is { } bias)
            {
                Number("bias", bias, $"groups[{g}].");
            }

            NumberOrNull("classifierCosine", group.ClassifierCosine);
            NumberOrNull("featureCosine", group.FeatureCosine);
            if (group.LeastClassifierCosine < group.LargestClassifierCosine || group.LeastFeatureCosine < group.LargestFeatureCosine)
            {
                // The classes of the group differ.
                NumberOrNull("leastClassifierCosine", group.LeastClassifierCosine);
                NumberOrNull("largestClassifierCosine", group.LargestClassifierCosine);
                NumberOrNull("leastFeatureCosine", group.LeastFeatureCosine);
                NumberOrNull("largestFeatureCosine", group.LargestFeatureCosine);
            }

            json.WriteBoolean("collapsed", group.Collapsed);
            if (names is not null)
            {
                Strings("names", names[g]);
            }

            json.WriteEndObject();
            single += group.Classes == 1 ? 1 : 0;
            vanishing += group.Classes > 1 && (double.IsNaN(group.ClassifierCosine) || double.IsNaN(group.FeatureCosine)) ? 1 : 0;
        }

        json.WriteEndArray();
        if (single > 0)
        {
            notes.Add($"classifierCosine and featureCosine are null in the {single} of {groups.Count} groups that have one class.");
        }

        if (vanishing > 0)
        {
            notes.Add($"A cosine is null in {vanishing} of {groups.Count} groups because a vector of the group is zero and has no direction.");
        }
    }

    private static ILookup<int, string> NamesByGroup(LayerPeeledModel model, IReadOnlyList<string> names)
    {
        int[] groupOfClass = model.GroupOfClass.ToArray();
        return Enumerable.Range(0, groupOfClass.Length).ToLookup(k => groupOfClass[k], k => names[k]);
    }

    private void Cosines(string name, Func<Matrix<double>> table)
    {
        int groups = solution.Model.Groups.Count;
        if (groups > options.LargestCosines)
        {
            json.WriteNull(name);
            notes.Add($"{name} is null: it is left out for more than {options.LargestCosines} groups, and there are {groups}.");
            return;
        }

        Matrix<double> cosines = table();
        json.WriteRows(name, cosines.RowCount, cosines.ColumnCount, (i, j) => cosines[i, j]);
        int undefined = Enumerable.Range(0, cosines.RowCount)
            .Sum(i => Enumerable.Range(0, cosines.ColumnCount).Count(j => !double.IsFinite(cosines[i, j])));
        if (undefined > 0)
        {
            notes.Add($"{undefined} entries of {name} are null: on the diagonal of groups of one class, and where a vector is zero.");
        }
    }

    private void WriteMatrices(bool isWhole)
    {
        GroupedFactors factors = solution.Factors;
        int classes = solution.Model.ClassCount, dimension = solution.Model.FeatureDimension;
        json.WriteStartObject("matrices");
        if (factors.Program.IsReduced && !isWhole)
        {
            int groups = factors.Program.GroupCount, rank = factors.Rank;
            json.WriteString("form", "groups");
            if (factors.Program.IsMerged)
            {
                // Groups that the solver holds together: the rows below are theirs.
                json.WriteStartArray("mergedGroup");
                foreach (int block in factors.Program.BlockOfGroup)
                {
                    json.WriteNumberValue(block);
                }

                json.WriteEndArray();
            }

            json.WriteRow("classifierSpread", groups, g => factors.ClassifierSpread[g]);
            json.WriteRow("featureSpread", groups, g => factors.FeatureSpread[g]);
            json.WriteRows("classifierCore", groups, rank, (g, i) => factors.ClassifierCore[g + (i * groups)]);
            json.WriteRows("featureCore", groups, rank, (g, i) => factors.FeatureCore[g + (i * groups)]);
            WriteBias("biasCore", factors);
        }
        else if (!isWhole)
        {
            // Class by class, without the columns of zeros up to p, but with one where all of them are.
            int rank = factors.Rank, columns = Math.Max(rank, 1);
            json.WriteString("form", "classes");
            json.WriteRows("classifier", classes, columns, (k, i) => i < rank ? factors.ClassifierCore[k + (i * classes)] : 0);
            json.WriteRows("classMeans", columns, classes, (i, k) => i < rank ? factors.FeatureCore[k + (i * classes)] / factors.Program.FeatureRoots[k] : 0);
            WriteBias("bias", factors);
        }
        else
        {
            Matrix<double> classifier = solution.Classifier, means = solution.ClassMeans;
            json.WriteString("form", "classes");
            json.WriteRows("classifier", classes, dimension, (k, i) => classifier[k, i]);
            json.WriteRows("classMeans", dimension, classes, (i, k) => means[i, k]);
            if (solution.Bias is { } bias)
            {
                json.WriteRow("bias", classes, k => bias[k]);
            }
        }

        json.WriteEndObject();
    }

    private void WriteBias(string name, GroupedFactors factors)
    {
        if (!factors.Bias.IsEmpty)
        {
            json.WriteRow(name, factors.Bias.Length, g => factors.Bias[g]);
        }
    }

    private bool FitsDimension()
    {
        try
        {
            return solution.Classifier.ColumnCount == solution.ClassMeans.RowCount;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Number(string name, double value, string prefix = "")
    {
        NumberOrNull(name, value);
        if (!double.IsFinite(value))
        {
            notes.Add($"{prefix}{name} is null: its value is {value.ToString(CultureInfo.InvariantCulture)}.");
        }
    }

    private void NumberOrNull(string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void Strings(string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
