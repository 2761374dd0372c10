using System.Text;
using System.Text.RegularExpressions;
using LayerPeeled.Data.Targets;

namespace LayerPeeled.Data.Tests.Targets;

public sealed class WordCountsTests
{
    [Fact]
    public void Count_SmallText_IsAsByHand()
    {
        // a b a c | b a b a d: after a: b 2, c 1, d 1; after b: a 3; after c: b 1.
        WordCounts counts = WordCounts.Count(new StringReader("A b, a c. B a b a d!"), 3);
        Assert.Equal((9, 4), (counts.Words, counts.DistinctWords));
        Assert.Equal(["a", "b", "c"], counts.Table.Tokens);
        // Before one of a, b and c stand: a 3 times, b 3 times, c once.
        Assert.Equal(["a", "b", "c"], counts.Table.Contexts);
        Assert.Equal([0, 3, 0, 2, 0, 1, 1, 0, 0], TargetReaderTests.InRows(counts.Table.Values));
        // Without c among the tokens, b stands before one of them 3 times, a twice, c once.
        WordCounts two = WordCounts.Count(new StringReader("a b a c b a b a d"), 2);
        Assert.Equal(["b", "a"], two.Table.Contexts);
        Assert.Equal([3.0, 0, 0, 2], TargetReaderTests.InRows(two.Table.Values));
    }

    [Theory]
    [InlineData("Don't STOP", "don't stop")]
    [InlineData("don\u2019t — stop'", "don't stop'")]
    [InlineData("' '' x'y 'z", "x'y 'z")]
    [InlineData("1st 2nd a1b", "st nd a b")]
    [InlineData("É\u00C8 e\u0301t\u0301 \u0301x", "éè e\u0301t\u0301 x")]
    [InlineData("\U00010400b \uD801 c\uDC00d", "\U00010428b c d")]
    [InlineData("हिन्दी में", "हिन्दी में")]
    [InlineData("\uFFFDx\0y", "x y")]
    [InlineData("", "")]
    public void Count_TextOfAnyKind_IsSplitIntoWords(string text, string expected)
    {
        string[] words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A character at a time and all at once; two more words, as one has no next.
        foreach (TextReader reader in new TextReader[] { new StringReader("zz zz " + text), new Drip("zz zz " + text) })
        {
            WordCounts counts = WordCounts.Count(reader, 100);
            Assert.Equal(words.Length + 2, counts.Words);
            Assert.Equal(words.Append("zz").Distinct().Order(StringComparer.Ordinal), counts.Table.Tokens!.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(30, 10)]
    [InlineData(10, 1000)]
    [InlineData(1000, 1)]
    public void Count_LongerText_AgreesWithCountingByRegularExpression(int vocabulary, int? contexts)
    {
        var random = new Random(5);
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            // Few letters, so that many words are equally common.
            int length = 1 + random.Next(3);
            for (int j = 0; j < length; j++)
            {
                text.Append("abcdeABC'"[random.Next(9)]);
            }

            text.Append(" \n.,-–1"[random.Next(7)]);
        }

        string[] words = [.. Regex.Matches(text.ToString().ToLowerInvariant(), "[a-z']+").Select(m => m.Value).Where(w => w.Trim('\'').Length > 0)];
        string[] tokens = Top(words, vocabulary);
        (string Context, string Next)[] pairs = [.. words.Zip(words.Skip(1)).Where(p => tokens.Contains(p.Second))];
        string[] before = Top(pairs.Select(p => p.Context), contexts ?? vocabulary);
        WordCounts counts = WordCounts.Count(new StringReader(text.ToString()), vocabulary, contexts);
        Assert.Equal((words.Length, words.Distinct().Count()), (counts.Words, counts.DistinctWords));
        Assert.Equal(tokens, counts.Table.Tokens);
        Assert.Equal(before, counts.Table.Contexts);
        var times = pairs.CountBy(p => p).ToDictionary(p => p.Key, p => p.Value);
        Assert.Equal(tokens.SelectMany(next => before.Select(context => (double)times.GetValueOrDefault((context, next)))), TargetReaderTests.InRows(counts.Table.Values));
        Assert.DoesNotContain(0, counts.Table.Values.ColumnSums());
    }

    [Fact]
    public void Count_NothingToCount_IsRefused()
    {
        Assert.Contains("has 1 words", Assert.Throws<TargetFormatException>(() => WordCounts.Count(new StringReader("word 12"), 3)).Message, StringComparison.Ordinal);
        Assert.Equal("vocabulary", Assert.Throws<ArgumentOutOfRangeException>(() => WordCounts.Count(new StringReader("a b"), 0)).ParamName);
        Assert.Equal("contexts", Assert.Throws<ArgumentOutOfRangeException>(() => WordCounts.Count(new StringReader("a b"), 1, 0)).ParamName);
        Assert.Contains("no text in words", Assert.Throws<TargetFormatException>(() => WordCounts.Count(new StringReader(new string('x', 1 << 20)), 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameList_Written_ReadsBackAsTheSame()
    {
        string[] names = [" the", "##s", "é", "a\tb", "\u2028"];
        using var stream = new MemoryStream();
        NameList.Write(stream, names);
        Assert.Equal(names, NameList.Read(new StringReader(Encoding.UTF8.GetString(stream.ToArray()))));
        Assert.Equal(["a", "b"], NameList.Read(new StringReader("a\r\nb\r\n\r\n\n")));
        Assert.Equal(2, Assert.Throws<TargetFormatException>(() => NameList.Read(new StringReader("a\n\n\nb"))).LineNumber);
        Assert.Contains("no name", Assert.Throws<TargetFormatException>(() => NameList.Read(new StringReader("\n"))).Message, StringComparison.Ordinal);
        Assert.Contains("Name 1 is 'a\\nb'", Assert.Throws<ArgumentException>(() => NameList.Write(stream, ["x", "a\nb"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NameList.Write(stream, [""]));
    }

    private static string[] Top(IEnumerable<string> words, int most) =>
        [.. words.CountBy(w => w).OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Take(most).Select(p => p.Key)];

    private sealed class Drip(string text) : TextReader
    {
        private int at;

        public override int Read(char[] buffer, int index, int count)
        {
            if (at == text.Length)
            {
                return 0;
            }

            buffer[index] = text[at++];
            return 1;
        }
    }
}
