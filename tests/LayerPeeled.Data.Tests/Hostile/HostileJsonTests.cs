using System.Text;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Data.Tests.Hostile;

/// <summary>JSON documents that are made to harm, or that other programs would write by mistake.</summary>
public sealed class HostileJsonTests
{
    private static readonly string Solution = SolutionJson.ToText(
        LayerPeeledSolver.Solve(LayerPeeledModel.FromClassCounts([100, 10, 10], classifierBudget: 1, featureBudget: 1)), new SolutionJsonOptions { IncludeMatrices = true });

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"model\":[")]
    public void Read_DeepNesting_IsRefused(string bracket)
    {
        string deep = string.Concat(Enumerable.Repeat(bracket, 100_000));
        AssertRefused("depth", Encoding.UTF8.GetBytes(deep));
        Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(deep));
    }

    [Theory]
    [InlineData("\"status\": \"Optimal\"", "\"status\": \"\\ud800\"", "surrogate")]
    [InlineData("\"status\": \"Optimal\"", "\"status\": \"\\uDC00x\"", "surrogate")]
    [InlineData("\"status\"", "\"\\ud800\": 1, \"status\"", "surrogate")]
    [InlineData("\"status\": \"Optimal\"", "\"status\": \"Opti\0mal\"", "0x00")]
    [InlineData("\"status\": \"Optimal\"", "\"status\": \"Opti\\u0000mal\"", "field status")]
    [InlineData("\"status\": \"Optimal\"", "\"status\": \"Optimal\", \"status\": \"Optimal\"", "status")]
    [InlineData("\"status\": \"Optimal\"", "\"status\": NaN", "'N' is an invalid")]
    [InlineData("\"gapTolerance\": ", "\"gapTolerance\": 1e999, \"x\": ", "field gapTolerance is 1e999")]
    [InlineData("\"gapTolerance\": ", "\"gapTolerance\": Infinity, \"x\": ", "'I' is an invalid")]
    [InlineData("\"classCount\": 3", "\"classCount\": 3000000000", "field classCount is 3000000000")]
    [InlineData("\"classCount\": 3", "\"classCount\": 3.5", "field classCount is 3.5")]
    [InlineData("\"featureDimension\": 3", "\"featureDimension\": -3", "not a valid model")]
    public void Read_StrangeValue_IsRefusedWithItsPlace(string found, string put, string message)
    {
        Assert.Contains(found, Solution, StringComparison.Ordinal);
        AssertRefused(message, Encoding.UTF8.GetBytes(ReplaceFirst(Solution, found, put)));
    }

    [Theory]
    [InlineData("[5, \"\\ud800\"]")]
    [InlineData("{\"\\ud800\": 5}")]
    [InlineData("[{\"class\": \"\\uDFFF\", \"count\": 5}]")]
    public void Parse_CountsWithHalfOfASurrogatePair_AreRefusedWithTheLine(string json)
    {
        ClassCountFormatException error = Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse("\n" + json));
        Assert.Contains("surrogate", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.LineNumber);
        Assert.Throws<ClassCountFormatException>(() => ClassCountReader.Parse(json, new ClassCountOptions { Content = ClassFileContent.Labels }));
    }

    [Fact]
    public void Read_OtherEncodings_AreRefusedAndAByteOrderMarkIsNot()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(Solution);
        Assert.Equal(3, SolutionJson.Read(new MemoryStream([.. Encoding.UTF8.Preamble, .. utf8])).Model.ClassCount);
        AssertRefused("not UTF-8", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Solution)]);
        AssertRefused("line 1, byte 2: '0x00'", Encoding.Unicode.GetBytes(Solution));
        AssertRefused("line 2, byte 4: a character is not UTF-8", [.. "{\n  \""u8, 0xE4, .. "\": 1}"u8]);
    }

    [Fact]
    public void Read_LongGarbage_IsQuotedInOneShortLine()
    {
        AssertRefused("not a JSON document", [.. "{\"a\": tr"u8, .. Enumerable.Repeat((byte)'\n', 100_000), .. "x"u8]);
        AssertRefused("is 'x", Encoding.UTF8.GetBytes(ReplaceFirst(Solution, "\"Optimal\"", $"\"x{new string('y', 100_000)}\"")), quote: false);
        AssertRefused("field status is [", Encoding.UTF8.GetBytes(ReplaceFirst(Solution, "\"Optimal\"", "[\n\n1,\t2]")));
    }

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(17_000_000)]
    public void Read_FewGroupsOfManyClasses_TakeNoMemory(int classes)
    {
        // A group in the wrong place makes the reader number the classes one by one.
        string text = ReplaceFirst(ReplaceFirst(Solution, "\"classes\": 2", $"\"classes\": {classes}"), "\"count\": 100", "\"count\": 1");
        long bytes = Memory.Of(() => AssertRefused($"has {classes + 1} classes together; solutions of up to 16777216", Encoding.UTF8.GetBytes(text)));
        Assert.True(bytes < 1_000_000, $"{bytes} bytes");
    }

    [Fact]
    public void Verify_ProductBeyondTheRangeOfNumbers_IsRefused()
    {
        string text = JsonEdit.Replace(JsonEdit.Replace(Solution, "matrices.classifier.0.0", "1e308"), "matrices.classMeans.0.0", "1e308");
        SavedSolution saved = SolutionFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Contains("field matrices is no point", Assert.Throws<SolutionFormatException>(() => SolutionVerifier.Verify(saved)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string expected, byte[] json, bool quote = true)
    {
        string message = Assert.Throws<SolutionFormatException>(() => SolutionFile.Read(new MemoryStream(json))).Message;
        Assert.Contains(quote ? expected : expected.Replace("'", "\"", StringComparison.Ordinal), message, StringComparison.Ordinal);
        Assert.True(message.Length < 400, $"{message.Length} characters");
        Assert.DoesNotContain(message, char.IsControl);
    }

    private static string ReplaceFirst(string text, string found, string put)
    {
        int at = text.IndexOf(found, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), put, text.AsSpan(at + found.Length));
    }
}
