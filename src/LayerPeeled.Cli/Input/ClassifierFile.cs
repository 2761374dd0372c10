using LayerPeeled.Data.Numpy;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Input;

/// <summary>The last layer of a network without its features: W, and whether there is a bias.</summary>
internal sealed record ClassifierFile(Matrix<double> Classifier, bool HasBias)
{
    /// <summary>Reads it.</summary>
    /// <param name="archive">Path of the archive, if there is one.</param>
    /// <param name="files">Paths of single arrays by name.</param>
    /// <exception cref="UsageException">An array is missing or malformed.</exception>
    public static ClassifierFile Read(string? archive, IReadOnlyDictionary<string, string?> files)
    {
        using var source = new NumpySource(archive, files);
        Matrix<double> classifier = Array(source, "weight", 2, reader => reader.ReadMatrix());
        if (!source.Has("bias"))
        {
            return new ClassifierFile(classifier, false);
        }

        int length = Array(source, "bias", 1, reader => reader.ReadVector()).Count;
        return length == classifier.RowCount ? new ClassifierFile(classifier, true)
            : throw new UsageException($"'bias' has {length} numbers and 'weight' {classifier.RowCount} rows; as many are expected.");
    }

    /// <summary>One array without its axes of length 1.</summary>
    /// <exception cref="UsageException">It is missing or malformed.</exception>
    public static T Array<T>(NumpySource source, string name, int axes, Func<NpyReader, T> read)
    {
        try
        {
            using NpyReader reader = source.Open(name);
            reader.Squeeze(axes);
            return read(reader);
        }
        catch (NpyFormatException error)
        {
            throw new UsageException(error.Message);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"'{name}': {UsageException.WithoutParameter(error)}");
        }
    }
}
