using LayerPeeled.Data.Targets;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Tests.Targets;

public sealed class PermutationReaderTests
{
    [Fact]
    public void Read_CyclesOfTokensAndContexts_AreTheirImages()
    {
        IReadOnlyList<TargetPermutation> read = Read("# a step, and an exchange\n(0 1 2) | (0,1)\n\n  |(2 1)( )\n");
        Assert.Equal(2, read.Count);
        Assert.Equal([1, 2, 0, 3], read[0].Tokens.ToArray());
        Assert.Equal([1, 0, 2], read[0].Contexts.ToArray());
        Assert.Equal([0, 1, 2, 3], read[1].Tokens.ToArray());
        Assert.Equal([0, 2, 1], read[1].Contexts.ToArray());
    }

    [Theory]
    [InlineData("", "There is no permutation")]
    [InlineData("(0 1)", "line 1: It is '(0 1)'; cycles of tokens, one bar and cycles of contexts are expected")]
    [InlineData("\n(0 1) | (0 x)", "line 2: 'x' stands in a cycle")]
    [InlineData("0 1 | (0 1)", "line 1: '0 1' is no cycle")]
    [InlineData("(0 1 | (0 1)", "is no cycle")]
    [InlineData("(0 -1) | ", "'-1' stands in a cycle")]
    [InlineData("(0 4) | ", "line 1: Token 4 is in a cycle; they are numbered from 0 to 3.")]
    [InlineData("(0 1)(1 2) | ", "line 1: Token 1 is in the cycles twice.")]
    [InlineData(" | (3 0)", "line 1: Context 3 is in a cycle; they are numbered from 0 to 2.")]
    public void Read_NoPermutation_SaysWhatIsWrong(string text, string message) =>
        Assert.Contains(message, Assert.Throws<TargetFormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<TargetPermutation> Read(string text) => PermutationReader.Read(new StringReader(text), 4, 3);
}
