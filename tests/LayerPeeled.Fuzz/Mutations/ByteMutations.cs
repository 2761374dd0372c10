using System.Buffers.Binary;
using System.Text;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Changes to bytes, whatever they mean: those of AFL, and numbers in text.</summary>
internal sealed class ByteMutations
{
    private static readonly long[] Numbers =
        [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue];

    private static readonly string[] NumberTexts =
    [
        "0", "1", "2", "3", "-1", "64", "255", "65536", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999", "1e308", "1e999", "1e-320", "0.5", "NaN",
    ];

    private readonly Random random;
    private readonly byte[][] words;

    public ByteMutations(Random random, string[] words) => (this.random, this.words) = (random, Array.ConvertAll(words, Encoding.UTF8.GetBytes));

    /// <summary>Makes one change.</summary>
    public byte[] Mutate(byte[] file, byte[] other)
    {
        if (file.Length == 0)
        {
            return Word();
        }

        int at = random.Next(file.Length), length = random.Next(1, Math.Min(32, file.Length - at) + 1);
        switch (random.Next(11))
        {
            case 0:
                return Changed(file, copy => copy[at] ^= (byte)(1 << random.Next(8)));
            case 1:
                return Changed(file, copy => copy[at] = (byte)random.Next(256));
            case 2:
                return Changed(file, copy => copy[at] = (byte)random.Next(32, 127));
            case 3:
                return Changed(file, copy => WriteNumber(copy.AsSpan(at)));
            case 4:
                return [.. file[..at], .. file[(at + length)..]];
            case 5:
                return [.. file[..at], .. Repeated(file[at..(at + length)]), .. file[at..]];
            case 6:
                return [.. file[..at], .. Word(), .. file[at..]];
            case 7:
                return [.. file[..at], .. Word(), .. file[(at + length)..]];
            case 8 when other.Length > 0:
                int from = random.Next(other.Length);
                return [.. file[..at], .. other[from..]];
            case 9:
                return random.Next(4) == 0 ? file[..at] : Moved(file, at, length);
            default:
                return NumberChanged(file, at);
        }
    }

    /// <summary>A word of the format.</summary>
    public byte[] Word() => words[random.Next(words.Length)];

    private static byte[] Changed(byte[] file, Action<byte[]> change)
    {
        byte[] copy = [.. file];
        change(copy);
        return copy;
    }

    private void WriteNumber(Span<byte> place)
    {
        long number = Numbers[random.Next(Numbers.Length)];
        switch (place.Length)
        {
            case >= 8 when random.Next(2) == 0:
                BinaryPrimitives.WriteInt64LittleEndian(place, number);
                break;
            case >= 4 when random.Next(2) == 0:
                BinaryPrimitives.WriteInt32LittleEndian(place, (int)number);
                break;
            case >= 2:
                BinaryPrimitives.WriteInt16LittleEndian(place, (short)number);
                break;
            default:
                place[0] = (byte)number;
                break;
        }
    }

    // Sometimes often: long lines, deep nesting
    private byte[] Repeated(byte[] part) => random.Next(8) > 0 ? part : [.. Enumerable.Repeat(part, random.Next(2, 100)).SelectMany(bytes => bytes)];

    private byte[] Moved(byte[] file, int at, int length)
    {
        int to = random.Next(file.Length - length + 1);
        byte[] rest = [.. file[..at], .. file[(at + length)..]];
        return [.. rest[..to], .. file[at..(at + length)], .. rest[to..]];
    }

    private byte[] NumberChanged(byte[] file, int at)
    {
        int begin = Array.FindIndex(file, at, b => char.IsAsciiDigit((char)b));
        if (begin < 0)
        {
            return [.. file, .. Word()];
        }

        int end = begin;
        while (end < file.Length && char.IsAsciiDigit((char)file[end]))
        {
            end++;
        }

        return [.. file[..begin], .. Encoding.ASCII.GetBytes(NumberTexts[random.Next(NumberTexts.Length)]), .. file[end..]];
    }
}
