using System.Text;
using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data;

/// <summary>
/// Solutions as archives of NumPy arrays, which <c>numpy.load</c> opens without pickle: the JSON document of <see cref="SolutionJson"/> as the entry
/// <c>solution.json</c>, with its matrices taken out into float64 arrays. What programs ask for most (logits, counts, objective, bounds, budgets) is there a second
/// time as arrays and is compared with the document when the archive is read.
/// </summary>
public static class SolutionNpz
{
    internal const string DocumentName = "solution.json";

    // Logits of more classes are left out: W and H have them.
    private const int LargestLogits = 2000;

    // Of logits that another machine multiplied, relative to the largest.
    private const double ProductRounding = 1e-12;

    /// <summary>Writes a solution with its matrices. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="solution">The solution.</param>
    /// <param name="options">What to write beside the matrices; nothing special when null.</param>
    /// <exception cref="ArgumentException">The options have another number of names than there are classes, or there are more than 2²⁴ classes.</exception>
    public static void Write(Stream stream, LayerPeeledSolution solution, SolutionJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var json = new MemoryStream();
        SolutionJson.Write(json, solution, (options ?? new SolutionJsonOptions()) with { IncludeMatrices = true });
        FromJson(json.ToArray(), stream);
    }

    /// <summary>Reads a solution.</summary>
    /// <param name="stream">The archive.</param>
    /// <exception cref="SolutionFormatException">This is no such archive, a field is missing or malformed, or an array contradicts the document.</exception>
    public static SavedSolution Read(Stream stream) => Read(stream, out _);

    /// <summary>The JSON document of an archive, with its matrices.</summary>
    /// <inheritdoc cref="Read(Stream)"/>
    public static byte[] ToJson(Stream stream)
    {
        _ = Read(stream, out byte[] json);
        return json;
    }

    /// <summary>Writes the archive of a solution that is given as JSON. The stream stays open.</summary>
    /// <param name="json">The document, in UTF-8, with its matrices.</param>
    /// <param name="stream">Where to write.</param>
    /// <exception cref="SolutionFormatException">The text is not JSON, or a field is missing, malformed or of the wrong shape.</exception>
    public static void FromJson(byte[] json, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(stream);
        SavedSolution saved = SolutionJson.Parse(json);
        byte[] document = DocumentArrays.TakeOut(json, out List<(string Name, double[][] Rows, bool IsMatrix)> arrays);
        using var archive = new NpzWriter(stream);
        archive.AddBytes(DocumentName, document);
        foreach ((string name, double[][] rows, bool isMatrix) in arrays)
        {
            if (isMatrix)
            {
                archive.Add(name, Matrix<double>.Build.DenseOfRowArrays(rows));
            }
            else
            {
                archive.Add(name, rows[0]);
            }
        }

        foreach ((string name, double value) in Numbers(saved))
        {
            archive.Add(name, value);
        }

        foreach ((string name, double[] values) in Vectors(saved))
        {
            archive.Add(name, values);
        }

        if (Logits(saved) is { } logits)
        {
            archive.Add("Z", logits);
        }
    }

    private static SavedSolution Read(Stream stream, out byte[] json)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using var archive = new NpzArchive(stream, "the archive", leaveOpen: true);
            byte[] document = archive.ReadBytes(DocumentName) ?? throw new SolutionFormatException(
                $"The archive has no entry {DocumentName}; it has {Shown.Names(archive.Names)}. 'solve --out' writes archives of solutions.");
            json = DocumentArrays.PutBack(document, archive);
            SavedSolution saved = SolutionJson.Parse(json);
            RequireAgreement(archive, saved);
            return saved;
        }
        catch (NpyFormatException error)
        {
            throw new SolutionFormatException($"This is not an archive of a solution: {error.Message}", error);
        }
    }

    private static IEnumerable<(string Name, double Value)> Numbers(SavedSolution saved)
    {
        LayerPeeledModel model = saved.Model;
        yield return ("objective", saved.Objective);
        yield return ("upper_bound", saved.ObjectiveUpperBound);
        yield return ("lower_bound", saved.LowerBound);
        yield return ("relative_gap", saved.RelativeGap);
        yield return ("multiplier", saved.Multiplier);
        yield return ("critical_class_size", saved.CriticalClassSize);
        if (model.Regulariser is Budgets budgets)
        {
            yield return ("classifier_budget", budgets.Classifier);
            yield return ("feature_budget", budgets.Feature);
        }
        else if (model.Regulariser is Penalties penalties)
        {
            yield return ("classifier_penalty", penalties.Classifier);
            yield return ("feature_penalty", penalties.Feature);
        }
    }

    private static IEnumerable<(string Name, double[] Values)> Vectors(SavedSolution saved)
    {
        LayerPeeledModel model = saved.Model;
        if (saved.Factors is null)
        {
            yield return ("counts", Array.ConvertAll(model.GroupOfClass.ToArray(), g => model.Groups[g].Count));
            yield return ("weights", Array.ConvertAll(model.GroupOfClass.ToArray(), g => model.Groups[g].LossWeight));
        }

        yield return ("group_classes", model.Groups.Select(group => (double)group.Classes).ToArray());
        yield return ("group_counts", model.Groups.Select(group => group.Count).ToArray());
        yield return ("group_weights", model.Groups.Select(group => group.LossWeight).ToArray());
    }

    // Z = W·H̄, with a bias b·1ᵀ more
    private static Matrix<double>? Logits(SavedSolution saved)
    {
        if (saved.Factors is not null || saved.Model.ClassCount > LargestLogits)
        {
            return null;
        }

        Matrix<double> logits = saved.Classifier! * saved.ClassMeans!;
        return saved.Bias is { } bias ? logits.MapIndexed((i, _, z) => z + bias[i]) : logits;
    }

    private static void RequireAgreement(NpzArchive archive, SavedSolution saved)
    {
        foreach ((string name, double[] values) in Numbers(saved).Select(number => (number.Name, new[] { number.Value })).Concat(Vectors(saved)))
        {
            if (archive.Names.Contains(name))
            {
                using NpyReader reader = archive.Open(name);
                double[] found = reader.ReadNumbers();
                if (!found.AsSpan().SequenceEqual(values))
                {
                    throw Contradiction(name, found.Length == 1 && values.Length == 1 ? FormattableString.Invariant($"it is {found[0]}, the document has {values[0]}") : "the numbers differ");
                }
            }
        }

        if (archive.Names.Contains("Z") && Logits(saved) is { } logits)
        {
            using NpyReader reader = archive.Open("Z");
            Matrix<double> found = reader.ReadMatrix();
            double error = found.RowCount == logits.RowCount && found.ColumnCount == logits.ColumnCount
                ? (found - logits).Enumerate().Max(Math.Abs) : double.PositiveInfinity;
            if (!(error <= ProductRounding * Math.Max(1, logits.Enumerate().Max(Math.Abs))))
            {
                throw Contradiction("Z", "it is not W·H, with b added to each column where there is a bias");
            }
        }
    }

    private static SolutionFormatException Contradiction(string name, string how) =>
        new($"The array {name} contradicts the rest of the archive: {how}.");
}
