using System.IO.Compression;
using System.Text;
using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data.Tests;

public class ClassLabelTests
{
    private static readonly ClassCountOptions Labels = new() { Content = ClassFileContent.Labels };

    [Theory]
    [InlineData("0\n2\n1\n0\n0", "3 1 1", null)]
    [InlineData("cat\ndog\ncat\n", "2 1", "cat|dog")]
    [InlineData("label\n3\n10\n3", "2 1", "3|10")]
    [InlineData("no\nyes\nno", "2 1", "no|yes")]
    [InlineData("train/a/1.jpg 0\ntrain/a/2.jpg 0\ntrain/b/3.jpg 1", "2 1", null)]
    [InlineData("train/a b/1.jpg 0\ntrain/a/2.jpg 0\ntrain/b/3 c.jpg 1", "2 1", null)]
    [InlineData("0 a/1.jpg\n0 a/2.jpg\n1 b/3.jpg", "2 1", null)]
    [InlineData("path,label\na/1.jpg,cat\na/2.jpg,cat\nb/3.jpg,dog", "2 1", "cat|dog")]
    [InlineData("img_file,species\na/1.jpg,cat\na/2.jpg,cat\nb/3.jpg,dog", "2 1", "cat|dog")]
    [InlineData(",label\n0,3\n1,7\n2,3", "2 1", "3|7")]
    [InlineData("id,split,class\n5,train,cat\n6,test,cat\n7,train,dog", "2 1", "cat|dog")]
    public void Parse_Labels_CountsThemInTheOrderOfTheClasses(string text, string counts, string? names)
    {
        ClassCounts read = ClassCountReader.Parse(text, Labels);
        Assert.Equal(counts, string.Join(' ', read));
        Assert.Equal(names?.Split('|'), read.Names);
    }

    [Theory]
    [InlineData("5,6\n7,8", null, "cannot be told")]
    [InlineData("class,category\n0,cat\n0,cat", null, "cannot be told")]
    [InlineData("path,label\na/1.jpg,0\na/2.jpg,", 3, "empty")]
    [InlineData("", null, "no labels")]
    [InlineData("path,label\n", null, "no labels")]
    public void Parse_LabelsThatCannotBeFound_AreRefused(string text, int? line, string message)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text, Labels));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(line is null || line == error.LineNumber);
    }

    [Fact]
    public void Parse_LabelsByColumn_CountsThatColumn() =>
        Assert.Equal([2.0, 1.0], ClassCountReader.Parse("a,b\n5,6\n7,8\n7,8", Labels with { Column = "b" }).Reverse());

    [Fact]
    public void Parse_LabelsWithAGap_NotesIt() =>
        Assert.Contains("label 1", Assert.Single(ClassCountReader.Parse("0\n2\n2", Labels).Notes), StringComparison.Ordinal);

    [Fact]
    public void Read_NumpyCountsAndLabels_AreRead()
    {
        Assert.Equal([500.0, 20.0, 7.0], ClassCountReader.Read(Array(s => NpyWriter.Write(s, (long[])[500, 20, 7]))));
        Assert.Equal([0.5, 2.0], ClassCountReader.Read(Array(s => NpyWriter.Write(s, (double[])[0.5, 2]))));
        ClassCounts counted = ClassCountReader.Read(Array(s => NpyWriter.Write(s, (long[])[7, 3, 7, 7])), Labels);
        Assert.Equal([1.0, 3.0], counted);
        Assert.Equal(["3", "7"], counted.Names);
    }

    [Fact]
    public void Read_NumpyColumn_IsAVector() =>
        Assert.Equal([5.0, 3.0], ClassCountReader.Read(Array(s => NpyWriter.Write(s, MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfColumnArrays([5, 3])))));

    [Theory]
    [InlineData(ClassFileContent.Counts, "3 2")]
    [InlineData(ClassFileContent.Labels, "1 2")]
    public void Read_NumpyArchive_TakesTheArrayOfTheName(ClassFileContent content, string expected)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, long[] values) in new[] { ("counts", (long[])[3, 2]), ("labels", [4, 6, 6]) })
            {
                using Stream entry = archive.CreateEntry(name + ".npy").Open();
                NpyWriter.Write(entry, values);
            }
        }

        stream.Position = 0;
        Assert.Equal(expected, string.Join(' ', ClassCountReader.Read(stream, new ClassCountOptions { Content = content })));
    }

    [Theory]
    [InlineData("[5, 3.5]", "5 3.5", null)]
    [InlineData("\uFEFF {\"cat\": 5, \"dog\": 3}", "5 3", "cat|dog")]
    [InlineData("[{\"class\": \"cat\", \"count\": 5}, {\"class\": \"dog\", \"count\": 3}]", "5 3", "cat|dog")]
    public void Parse_Json_IsRead(string text, string counts, string? names)
    {
        ClassCounts read = ClassCountReader.Parse(text);
        Assert.Equal(counts, string.Join(' ', read.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(names?.Split('|'), read.Names);
    }

    [Fact]
    public void Parse_JsonLabels_AreCounted() => Assert.Equal([2.0, 1.0], ClassCountReader.Parse("[\"cat\", \"dog\", \"cat\"]", Labels));

    [Theory]
    [InlineData("[1,\n 2", 2, "not a JSON document")]
    [InlineData("[1, \"x\"]", null, "[1] is '\"x\"'")]
    [InlineData("[1, -2]", null, "[1] is '-2'")]
    [InlineData("[1, 1e999]", null, "1e999")]
    [InlineData("{\"a\": 1, \"a\": 2}", null, "JSON")]
    [InlineData("{\"a\": {\"b\": 2}}", null, "'a' is")]
    [InlineData("[]", null, "no counts")]
    public void Parse_WrongJson_SaysWhatIsThere(string text, int? line, string message)
    {
        var error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(text));
        Assert.Equal(line, error.LineNumber);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HostileJson_IsRefused()
    {
        Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(new string('[', 1_000_000)));
        Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("[" + new string('9', 1_000_000) + "]"));
    }

    [Fact]
    public void Read_CompressedFileOrWorkbook_SaysWhatItIs()
    {
        var gzip = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Read(new MemoryStream([0x1F, 0x8B, 8, 0])));
        Assert.Contains("gzip", gzip.Message, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("xl/workbook.xml").Open().Dispose();
        }

        stream.Position = 0;
        Assert.Contains("workbook", Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StreamThatCannotSeek_IsRead()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("class;count\na;5\nb;3"));
        }

        compressed.Position = 0;
        using var stream = new GZipStream(compressed, CompressionMode.Decompress);
        Assert.Equal([5.0, 3.0], ClassCountReader.Read(stream));
    }

    private static MemoryStream Array(Action<Stream> write)
    {
        var stream = new MemoryStream();
        write(stream);
        stream.Position = 0;
        return stream;
    }
}
