using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Next-word counts of a text: how often each of its V commonest words (tokens) follows each of the m words that stand most often before one of them (contexts).
/// The same text gives the same counts. Immutable.
/// </summary>
/// <remarks>
/// <para>Words are maximal runs of letters (with their combining marks) and apostrophes that have at least one letter, in lower case of the invariant culture;
/// the typographic apostrophe is the plain one. What stands between two words, full stops and line ends included, makes no difference.</para>
/// <para>Tokens are ordered by how often they occur, contexts by how often one of the tokens follows them; of equals the first in the order of their characters
/// (UTF-16 code units) comes first. So no context is empty; a token may be (the first word of a text, if it occurs nowhere else).</para>
/// </remarks>
public sealed class WordCounts
{
    private WordCounts(TargetTable table, int words, int distinctWords) => (Table, Words, DistinctWords) = (table, words, distinctWords);

    /// <summary>The counts, V×m, with the words as names.</summary>
    public TargetTable Table { get; }

    /// <summary>Words of the text.</summary>
    public int Words { get; }

    /// <summary>Different words of the text.</summary>
    public int DistinctWords { get; }

    /// <summary>Counts the words of a text, which is read once; memory is 4 bytes a word besides the counts.</summary>
    /// <param name="text">The text, read up to its end.</param>
    /// <param name="vocabulary">V, at least 1; all words where the text has fewer.</param>
    /// <param name="contexts">m, at least 1; V when null; all words before tokens where there are fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="TargetFormatException">The text has fewer than two words, or is no text in words, or not in the encoding it is read in.</exception>
    public static WordCounts Count(TextReader text, int vocabulary, int? contexts = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contexts ?? 1, 1, nameof(contexts));
        (List<int> sequence, List<string> words) = TargetFormatException.Guard(() => Sequence(text));
        if (sequence.Count < 2)
        {
            throw new TargetFormatException($"The text has {sequence.Count} words; at least two are needed for one to follow another.");
        }

        var occurs = new int[words.Count];
        foreach (int word in sequence)
        {
            occurs[word]++;
        }

        int[] tokens = Commonest(words, occurs, vocabulary), row = PlaceOf(tokens, words.Count), before = new int[words.Count];
        for (int i = 1; i < sequence.Count; i++)
        {
            before[sequence[i - 1]] += row[sequence[i]] >= 0 ? 1 : 0;
        }

        int[] places = Commonest(words, before, contexts ?? vocabulary), column = PlaceOf(places, words.Count);
        var pairs = new Dictionary<(int Row, int Column), int>();
        for (int i = 1; i < sequence.Count; i++)
        {
            (int Row, int Column) pair = (row[sequence[i]], column[sequence[i - 1]]);
            if (pair.Row >= 0 && pair.Column >= 0)
            {
                pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
            }
        }

        SparseColumns counts = SparseColumns.FromTriplets(tokens.Length, places.Length, pairs.Select(p => (p.Key.Row, p.Key.Column, (double)p.Value)));
        var table = new TargetTable(counts, Array.ConvertAll(tokens, w => words[w]), Array.ConvertAll(places, w => words[w]));
        return new WordCounts(table, sequence.Count, words.Count);
    }

    // The words as they come, by number, and the words that the numbers stand for.
    private static (List<int> Sequence, List<string> Words) Sequence(TextReader text)
    {
        var reader = new WordReader(text);
        var sequence = new List<int>();
        var words = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        while (reader.TryRead(out ReadOnlySpan<char> word))
        {
            if (!lookup.TryGetValue(word, out int number))
            {
                number = words.Count;
                words.Add(word.ToString());
                numbers.Add(words[number], number);
            }

            if (sequence.Count == Array.MaxLength)
            {
                throw new TargetFormatException($"The text has more than {Array.MaxLength} words.");
            }

            sequence.Add(number);
        }

        return (sequence, words);
    }

    private static int[] Commonest(List<string> words, int[] times, int most) =>
        [.. Enumerable.Range(0, words.Count).Where(w => times[w] > 0).OrderByDescending(w => times[w]).ThenBy(w => words[w], StringComparer.Ordinal).Take(most)];

    // The place of each word in the list; −1 where it is not in it.
    private static int[] PlaceOf(int[] list, int words)
    {
        var place = new int[words];
        Array.Fill(place, -1);
        foreach ((int index, int word) in list.Index())
        {
            place[word] = index;
        }

        return place;
    }
}
