using System.Globalization;
using System.Text;
using LayerPeeled.Data.ClassFiles;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// Generators of a symmetry of targets in a text file: a permutation a line, its cycles of tokens, a bar, and its cycles of contexts, as in <c>(0 1 2)(3 4) | (0 1 2)</c>. Tokens and contexts are
/// numbered from 0 in the order of the rows and columns, what is in no cycle stays, and a line that is empty or begins with <c>#</c> says nothing.
/// </summary>
public static class PermutationReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file; text is UTF-8, or UTF-16 with a byte-order mark.</param>
    /// <param name="tokens">V.</param>
    /// <param name="contexts">The number of contexts of the table, those that never occur included.</param>
    /// <returns>The permutations, at least one.</returns>
    /// <exception cref="TargetFormatException">A line is no permutation, or there is none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<TargetPermutation> ReadFile(string path, int tokens, int contexts)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return Read(reader, tokens, contexts);
    }

    /// <summary>Reads a reader up to its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="tokens">V.</param>
    /// <param name="contexts">The number of contexts of the table, those that never occur included.</param>
    /// <inheritdoc cref="ReadFile(string, int, int)" path="/returns|/exception[@cref='T:LayerPeeled.Data.Targets.TargetFormatException']"/>
    public static IReadOnlyList<TargetPermutation> Read(TextReader reader, int tokens, int contexts)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return TargetFormatException.Guard(() => Lines(reader, tokens, contexts));
    }

    private static List<TargetPermutation> Lines(TextReader reader, int tokens, int contexts)
    {
        var permutations = new List<TargetPermutation>();
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            ReadOnlySpan<char> text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
            {
                continue;
            }

            int bar = text.IndexOf('|');
            if (bar < 0 || text[(bar + 1)..].Contains('|'))
            {
                throw new TargetFormatException($"It is {Shown.Quote(text)}; cycles of tokens, one bar and cycles of contexts are expected, as in (0 1 2) | (0 1 2).", number);
            }

            List<int[]> left = Cycles(text[..bar], number), right = Cycles(text[(bar + 1)..], number);
            try
            {
                permutations.Add(TargetPermutation.OfCycles(tokens, left, contexts, right));
            }
            catch (ArgumentException error)
            {
                throw new TargetFormatException(Shown.Argument(error), number, innerException: error);
            }
        }

        return permutations.Count > 0 ? permutations : throw new TargetFormatException("There is no permutation; one on each line is expected, as in (0 1 2) | (0 1 2).");
    }

    private static List<int[]> Cycles(ReadOnlySpan<char> text, int line)
    {
        var cycles = new List<int[]>();
        for (text = text.Trim(); !text.IsEmpty; text = text.TrimStart())
        {
            int end = text.IndexOf(')');
            if (text[0] != '(' || end < 0)
            {
                throw new TargetFormatException($"{Shown.Quote(text)} is no cycle; numbers in parentheses are expected, as in (0 1 2).", line);
            }

            var cycle = new List<int>();
            ReadOnlySpan<char> inside = text[1..end];
            foreach (Range part in inside.SplitAny(' ', ',', '\t'))
            {
                ReadOnlySpan<char> number = inside[part];
                if (!number.IsEmpty)
                {
                    cycle.Add(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value
                        : throw new TargetFormatException($"{Shown.Quote(number)} stands in a cycle; whole numbers from 0 on are expected.", line));
                }
            }

            cycles.Add([.. cycle]);
            text = text[(end + 1)..];
        }

        return cycles;
    }
}
