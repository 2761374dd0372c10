using LayerPeeled.Data;
using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Input;

/// <summary>Classifiers and class means to be examined.</summary>
/// <param name="Classifier">W, K×p.</param>
/// <param name="ClassMeans">H̄, p×K.</param>
/// <param name="Note">What had to be decided in reading them, if anything.</param>
internal sealed record EtfPoint(Matrix<double> Classifier, Matrix<double> ClassMeans, string? Note)
{
    /// <summary>Reads the arrays <c>weight</c> and <c>means</c> of an archive.</summary>
    /// <param name="path">Path of the <c>.npz</c> file.</param>
    /// <param name="meansAreRows">Whether <c>means</c> is K×p; if not, its shape decides, and p×K where both fit.</param>
    /// <exception cref="UsageException">They are not there, or their shapes do not fit.</exception>
    public static EtfPoint OfArrays(string path, bool meansAreRows)
    {
        using var source = new NumpySource(path, new Dictionary<string, string?>());
        Matrix<double> classifier = Read(source, "weight"), means = Read(source, "means");
        int classes = classifier.RowCount, dimension = classifier.ColumnCount;
        bool areRows = means.RowCount == classes && means.ColumnCount == dimension, areColumns = means.RowCount == dimension && means.ColumnCount == classes;
        if (classes < 2 || !(areRows || (areColumns && !meansAreRows)))
        {
            throw new UsageException($"{path}: 'weight' is {classes}×{dimension} and 'means' {means.RowCount}×{means.ColumnCount}; "
                + $"K×p with at least 2 classes and {(meansAreRows ? "K×p" : "p×K or K×p")} are expected.");
        }

        bool isOpen = areRows && areColumns && !meansAreRows;
        return new EtfPoint(classifier, areColumns && !meansAreRows ? means : means.Transpose(),
            isOpen ? $"'means' is {classes}×{dimension} with K = p: each column was taken for a class; --means-rows takes each row." : null);
    }

    /// <summary>The point of a saved solution.</summary>
    /// <exception cref="UsageException">It holds none class by class.</exception>
    public static EtfPoint Of(string path, SavedSolution solution) => solution is { Classifier: { } classifier, ClassMeans: { } means }
        ? new EtfPoint(Widened(classifier, solution.Model.FeatureDimension), Widened(means.Transpose(), solution.Model.FeatureDimension).Transpose(), null)
        : throw new UsageException($"'{path}' holds its point over groups of equal classes; W and H̄ class by class are expected, which 'solve --out' writes for small problems.");

    // The file may leave out columns of zeros.
    private static Matrix<double> Widened(Matrix<double> rows, int dimension) => rows.ColumnCount >= dimension
        ? rows : rows.Append(Matrix<double>.Build.Dense(rows.RowCount, dimension - rows.ColumnCount));

    private static Matrix<double> Read(NumpySource source, string array)
    {
        try
        {
            using NpyReader reader = source.Open(array);
            return reader.ReadMatrix();
        }
        catch (NpyFormatException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
