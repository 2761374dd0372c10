using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Numpy;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Data.Tests;

public sealed class SolutionNpzTests : IDisposable
{
    private static readonly SolutionJsonOptions WithMatrices = new() { IncludeMatrices = true };

    private readonly string folder = Directory.CreateTempSubdirectory("layerpeeled").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(500, false)]
    [InlineData(500, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void FromJson_AndBack_IsTheSameText(int largestClassForm, bool hasBias)
    {
        byte[] json = Json(Solve(hasBias), largestClassForm);
        byte[] archive = Archive(json);
        using var stream = new MemoryStream(archive);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(SolutionNpz.ToJson(stream)));
        Assert.Equal(archive, Archive(json));
    }

    [Fact]
    public void FromJson_NumbersOfAllSizes_KeepTheirBits()
    {
        string json = Encoding.UTF8.GetString(Json(Solve(false), 500));
        string changed = JsonEdit.Replace(JsonEdit.Replace(JsonEdit.Replace(json, "matrices.classifier.0.0", "-0.0"), "matrices.classifier.0.1", "5E-324"), "matrices.classMeans.0.0", "1.7976931348623157E+308");
        using var stream = new MemoryStream(Archive(Encoding.UTF8.GetBytes(changed)));
        SavedSolution back = SolutionJsonTests.Read(Encoding.UTF8.GetString(SolutionNpz.ToJson(stream)));
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(back.Classifier![0, 0]));
        Assert.Equal(double.Epsilon, back.Classifier[0, 1]);
        Assert.Equal(double.MaxValue, back.ClassMeans![0, 0]);
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(500, true)]
    [InlineData(1, false)]
    public void Write_AnySolution_IsVerifiedWhenReadBack(int largestClassForm, bool hasBias)
    {
        LayerPeeledSolution solution = Solve(hasBias);
        string path = Path.Combine(folder, "solution.npz");
        SolutionFile.Write(path, solution, new SolutionJsonOptions { LargestClassForm = largestClassForm });
        SavedSolution saved = SolutionFile.Read(path);
        Assert.True(SolutionVerifier.Verify(saved).Certified);
        Assert.Equal(solution.Objective, saved.Objective);
        Assert.Equal(["solution.npz"], Directory.GetFiles(folder).Select(Path.GetFileName));
        using FileStream stream = File.OpenRead(path);
        Assert.True(SolutionFile.IsSolution(stream));
    }

    [Fact]
    public void Write_ClassForm_HasTheArraysOfTheSolution()
    {
        LayerPeeledSolution solution = Solve(hasBias: true);
        using var stream = new MemoryStream();
        SolutionNpz.Write(stream, solution);
        using var archive = new NpzArchive(stream);
        Assert.Equal(solution.Classifier, Array2(archive, "W"));
        Assert.Equal(solution.ClassMeans, Array2(archive, "H"));
        Assert.Equal(solution.Bias!.ToArray(), Numbers(archive, "b"));
        Matrix<double> product = solution.Classifier * solution.ClassMeans;
        Assert.All(Array2(archive, "Z").EnumerateIndexed(), z => Assert.Equal(product[z.Item1, z.Item2] + solution.Bias[z.Item1], z.Item3, 12));
        Assert.Equal([100, 100, 100, 20, 5, 5], Numbers(archive, "counts"));
        Assert.Equal([1, 1, 1, 1, 2, 2], Numbers(archive, "weights"));
        Assert.Equal([solution.Objective], Numbers(archive, "objective"));
        Assert.Equal([5e-3], Numbers(archive, "classifier_penalty"));
    }

    [Theory]
    [InlineData("objective", "objective")]
    [InlineData("counts", "counts")]
    [InlineData("Z", "Z")]
    public void Read_ArrayContradictingTheDocument_IsRefused(string changed, string named)
    {
        byte[] archive = Changed(Archive(Json(Solve(false), 500)), changed, values => values[0] *= 1 + 1e-9);
        using var stream = new MemoryStream(archive);
        Assert.Contains($"array {named} contradicts", Assert.Throws<SolutionFormatException>(() => SolutionNpz.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ChangedMatrix_IsNotCertified()
    {
        byte[] archive = Changed(Archive(Json(Solve(false), 500), without: "Z"), "W", values => values[0] *= 1 + 1e-3);
        using var stream = new MemoryStream(archive);
        Assert.False(SolutionVerifier.Verify(SolutionNpz.Read(stream)).Holds);
    }

    [Theory]
    [InlineData("W", "there is no array 'W'")]
    [InlineData("solution.json", "no entry solution.json")]
    public void Read_MissingEntry_NamesIt(string missing, string expected)
    {
        using var stream = new MemoryStream(Archive(Json(Solve(false), 500), without: missing));
        Assert.Contains(expected, Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToJson_OneBitFlippedInAnyByte_IsTheSameDocumentOrRefused()
    {
        byte[] json = Json(Solve(false), 500), archive = Archive(json);
        int refused = 0;
        for (int i = 0; i < archive.Length; i++)
        {
            byte[] flipped = [.. archive];
            flipped[i] ^= (byte)(1 << (i % 8));
            try
            {
                Assert.Equal(json, SolutionNpz.ToJson(new MemoryStream(flipped)));
            }
            catch (SolutionFormatException)
            {
                refused++;
            }
        }

        // Dates, and names of arrays that are there to be compared only, have no checksum.
        Assert.InRange(refused, archive.Length / 2, archive.Length);
    }

    [Fact]
    public void Read_DamagedOrForeignFile_IsRefused()
    {
        byte[] archive = Archive(Json(Solve(false), 500));
        Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(new MemoryStream(archive[..(archive.Length / 2)])));
        archive[200] ^= 1;
        Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(new MemoryStream(archive)));
        Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(new MemoryStream([1, 2, 3])));
        using var arrays = new MemoryStream();
        using (var writer = new NpzWriter(arrays))
        {
            writer.Add("weight", [1.0]);
        }

        arrays.Position = 0;
        Assert.False(SolutionFile.IsSolution(arrays));
        Assert.Contains("no entry solution.json", Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_SolutionWithoutMatrices_IsRefused()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(SolutionJson.ToText(Solve(false))));
        using var target = new MemoryStream();
        Assert.Throws<SolutionFormatException>(() => SolutionFile.Convert(json, target, SolutionFormat.Npz));
        Assert.Equal(0, target.Length);
    }

    [Fact]
    public void Write_FailingSolution_LeavesTheOldFile()
    {
        string path = Path.Combine(folder, "solution.npz");
        File.WriteAllText(path, "old");
        Assert.Throws<ArgumentException>(() => SolutionFile.Write(path, Solve(false), new SolutionJsonOptions { ClassNames = ["one"] }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder));
    }

    private static LayerPeeledSolution Solve(bool hasBias)
    {
        ClassGroup[] groups = [new(3, 100), new(1, 20), new(2, 5, 2)];
        return LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups(groups, hasBias ? new Penalties(5e-3, 1e-4) { Bias = 1e-2 } : new Budgets(1, 5)));
    }

    private static byte[] Json(LayerPeeledSolution solution, int largestClassForm) =>
        Encoding.UTF8.GetBytes(SolutionJson.ToText(solution, WithMatrices with { LargestClassForm = largestClassForm }));

    private static byte[] Archive(byte[] json, string? without = null)
    {
        using var stream = new MemoryStream();
        SolutionNpz.FromJson(json, stream);
        if (without is not null)
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true);
            (archive.GetEntry(without) ?? archive.GetEntry(without + ".npy"))!.Delete();
        }

        return stream.ToArray();
    }

    private static byte[] Changed(byte[] archive, string name, Action<double[]> change)
    {
        using var stream = new MemoryStream();
        stream.Write(archive);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.GetEntry(name + ".npy")!;
            using Stream content = entry.Open();
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            int start = bytes.AsSpan().IndexOf((byte)'\n') + 1;
            double[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes.AsSpan(start)).ToArray();
            change(values);
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(values).CopyTo(bytes.AsSpan(start));
            content.Position = 0;
            content.Write(bytes);
        }

        return stream.ToArray();
    }

    private static Matrix<double> Array2(NpzArchive archive, string name)
    {
        using NpyReader reader = archive.Open(name);
        return reader.ReadMatrix();
    }

    private static double[] Numbers(NpzArchive archive, string name)
    {
        using NpyReader reader = archive.Open(name);
        return reader.ReadNumbers();
    }
}
