using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Metrics;

/// <summary>Says in words what a report leaves out.</summary>
internal sealed class ReportNotes(FeatureStatistics statistics)
{
    private const int MostShown = 10;

    private readonly List<string> notes = [];

    public IReadOnlyList<string> All => notes;

    public void Classes()
    {
        int[] empty = Enumerable.Range(0, statistics.ClassCount).Where(k => statistics.Counts[k] == 0).ToArray();
        if (empty.Length > 0)
        {
            notes.Add($"{Name(empty)} without examples: left out of everything that needs class means (NC1, NC2 of the means, NC3, nearest mean, E_H).");
        }

        int[] single = Enumerable.Range(0, statistics.ClassCount).Where(k => statistics.Counts[k] == 1).ToArray();
        if (single.Length > 0)
        {
            notes.Add($"{Name(single)} with a single example: it is its own mean, so these classes show no variability.");
        }

        if (statistics.ClassCount - empty.Length == 1)
        {
            notes.Add("Only one class has examples: there are no angles, and NC1 is undefined.");
        }
    }

    public void ZeroMeans(CentredMeans means, VectorSet vectors)
    {
        int[] zero = Enumerable.Range(0, vectors.Count).Where(vectors.Vanishes).Select(i => means.Classes[i]).ToArray();
        if (zero.Length > 0)
        {
            notes.Add($"{Name(zero)} whose mean is the global mean to roundoff: cosines with it are undefined (NaN).");
        }
    }

    public void Classifier(VectorSet? classifiers, Vector<double>? bias, SecondPassStatistics? secondPass)
    {
        if (classifiers is null)
        {
            notes.Add("No classifier was given: NC2 of the classifiers, NC3, NC4 and E_W are left out.");
        }
        else
        {
            int[] zero = Enumerable.Range(0, classifiers.Count).Where(classifiers.Vanishes).ToArray();
            if (zero.Length > 0)
            {
                notes.Add($"{Name(zero)} with a classifier of norm zero: cosines with it are undefined (NaN).");
            }

            if (bias is null && secondPass is not null)
            {
                notes.Add("No bias was given: NC4 takes it as zero.");
            }
        }

        if (secondPass is null)
        {
            notes.Add("No second pass over the features was made: NC4, accuracies and the class-balanced NC1 are left out.");
        }
    }

    /// <summary>Says when the rows of the classifier do not seem to be those of the classes.</summary>
    public void Accuracy(Matrix<double> classifier, Vector<double>? bias, SecondPassStatistics secondPass)
    {
        int[] present = [.. statistics.Present];
        if (present.Length < 2)
        {
            return;
        }

        double accuracy = present.Average(k => secondPass.ClassifierAccuracyByClass[k]), half = present.Length / 2.0;
        bool isSquare = classifier.RowCount == classifier.ColumnCount;
        if (isSquare && accuracy < 0.5 && MeansInTheirClass(classifier) < half && MeansInTheirClass(classifier.Transpose()) > half)
        {
            notes.Add(FormattableString.Invariant(
                $"The classifier gets {accuracy:p1} of a class right on average, and most class means wrong, which its transpose gets right: it looks transposed. W must be K×p, one row a class."));
        }
        else if (accuracy <= 1.0 / classifier.RowCount)
        {
            notes.Add(FormattableString.Invariant(
                $"The classifier gets {accuracy:p1} of a class right on average, not more than chance: its rows may belong to other classes than assumed{(isSquare ? ", or it may be transposed" : "")}."));
        }

        int MeansInTheirClass(Matrix<double> rows) =>
            present.Count(k => ((rows * statistics.ClassMeans.Row(k)) + (bias ?? Vector<double>.Build.Dense(rows.RowCount))).MaximumIndex() == k);
    }

    public void Spectrum(CentredMeans means, SecondPassStatistics? secondPass)
    {
        int rank = means.Spectrum.Rank, expected = Math.Min(means.LargestRank, statistics.Dimension);
        if (rank == 0 && means.Classes.Length > 1)
        {
            notes.Add("The class means coincide to roundoff: Σ_B = 0 and NC1 is undefined (NaN).");
        }
        else if (rank < expected)
        {
            notes.Add($"Σ_B is singular: {rank} directions instead of {expected}; variability outside of them does not enter tr(Σ_W·Σ_B⁺).");
        }

        if (statistics.Scatter is null && secondPass is null)
        {
            notes.Add("Neither the within-class scatter was summed nor a second pass made: tr(Σ_W·Σ_B⁺)/K is left out; the trace ratios stand.");
        }
    }

    public void Coincidences(long pairs)
    {
        if (pairs > 0)
        {
            notes.Add($"{pairs} {(pairs == 1 ? "pair" : "pairs")} of class means coincide to roundoff: the class-distance normalised variance is infinite or undefined.");
        }
    }

    public void NoDuality() => notes.Add("The classifier or all class means vanish: NC3 is undefined (NaN).");

    private string Name(int[] classes)
    {
        string shown = string.Join(", ", classes.Take(MostShown).Select(k => statistics.Names?[k] ?? statistics.Labels[k].ToString(CultureInfo.InvariantCulture)));
        return $"{classes.Length} {(classes.Length == 1 ? "class" : "classes")} (label {shown}{(classes.Length > MostShown ? ", …" : "")})";
    }
}
