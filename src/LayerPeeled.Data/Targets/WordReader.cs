using System.Buffers;
using System.Globalization;
using System.Text;

namespace LayerPeeled.Data.Targets;

/// <summary>
/// The words of a text: maximal runs of letters (with their combining marks) and apostrophes that have a letter, in lower case of the invariant culture. The
/// typographic apostrophe (U+2019) is the same as the plain one.
/// </summary>
internal sealed class WordReader(TextReader text)
{
    private const int Longest = 1 << 16;

    private readonly char[] buffer = new char[1 << 15];
    private readonly ArrayBufferWriter<char> word = new();
    private int at, end;
    private char high;
    private bool hasLetter;

    /// <summary>Reads the next word, which is valid until the one after it is read.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="TargetFormatException">A word is too long to be one.</exception>
    public bool TryRead(out ReadOnlySpan<char> next)
    {
        word.ResetWrittenCount();
        hasLetter = false;
        while (at < end || Fill())
        {
            char c = buffer[at++];
            if (char.IsHighSurrogate(c))
            {
                high = c;
                continue;
            }

            // A lone surrogate is no letter, and is no rune either.
            Rune rune = char.IsLowSurrogate(c) ? Rune.TryCreate(high, c, out Rune pair) ? pair : Rune.ReplacementChar : new Rune(c);
            high = '\0';
            if (!Append(rune) && hasLetter)
            {
                break;
            }
        }

        next = word.WrittenSpan;
        return hasLetter;
    }

    /// <summary>Adds a character to the word; false where it belongs to none.</summary>
    private bool Append(Rune rune)
    {
        bool isLetter = Rune.IsLetter(rune);
        bool isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        if (!isLetter && rune.Value is not ('\'' or '\u2019') && !(isMark && hasLetter))
        {
            // Apostrophes alone are no word.
            if (!hasLetter)
            {
                word.ResetWrittenCount();
            }

            return false;
        }

        if (word.WrittenCount > Longest)
        {
            throw new TargetFormatException($"A word that begins with '{word.WrittenSpan[..40]}' goes on for more than {Longest} letters: this is no text in words.");
        }

        hasLetter |= isLetter;
        Rune lower = rune.Value == '\u2019' ? new Rune('\'') : Rune.ToLowerInvariant(rune);
        word.Advance(lower.EncodeToUtf16(word.GetSpan(2)));
        return true;
    }

    private bool Fill()
    {
        (at, end) = (0, text.Read(buffer, 0, buffer.Length));
        return end > 0;
    }
}
