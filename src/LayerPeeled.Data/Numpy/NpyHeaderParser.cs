using System.Globalization;

namespace LayerPeeled.Data.Numpy;

/// <summary>
/// Parses the Python dictionary literal of a header, <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>: strings, True, False
/// and tuples of whole numbers, nothing else. Nothing is ever evaluated.
/// </summary>
internal ref struct NpyHeaderParser
{
    // Names are short; a longer element is a false header.
    private const int LongestText = 1 << 16;

    private readonly ReadOnlySpan<char> text;
    private readonly string array;
    private int at;

    private NpyHeaderParser(ReadOnlySpan<char> text, string array)
    {
        this.text = text;
        this.array = array;
    }

    public static NpyHeader Parse(ReadOnlySpan<char> text, string array) => new NpyHeaderParser(text, array).Dictionary();

    private NpyHeader Dictionary()
    {
        (NpyElementType Type, bool BigEndian, int TextLength)? element = null;
        bool? fortran = null;
        long[]? shape = null;
        Expect('{');
        while (!Take('}'))
        {
            string key = Text();
            Expect(':');
            switch (key)
            {
                case "descr" when element is null:
                    element = ElementType();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = Boolean();
                    break;
                case "shape" when shape is null:
                    shape = Tuple();
                    break;
                default:
                    throw Error($"unexpected or repeated key '{Shorten(key)}'");
            }

            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }

        SkipSpace();
        if (at < text.Length)
        {
            throw Error("text after the closing brace");
        }

        if (element is null || fortran is null || shape is null)
        {
            throw Error($"the key '{(element is null ? "descr" : fortran is null ? "fortran_order" : "shape")}' is missing");
        }

        RequireAddressable(shape, element.Value.TextLength);
        return new NpyHeader(element.Value.Type, element.Value.BigEndian, fortran.Value, shape, element.Value.TextLength);
    }

    private (NpyElementType Type, bool BigEndian, int TextLength) ElementType()
    {
        SkipSpace();
        if (at < text.Length && text[at] is '[' or '(')
        {
            throw new NpyFormatException(array, "the elements are records (a structured dtype), which are not supported; save each field as an array of its own.");
        }

        string descr = Text();
        if (descr.Contains('O', StringComparison.Ordinal))
        {
            throw new NpyFormatException(
                array, $"the dtype '{Shorten(descr)}' holds Python objects. They are pickled, and unpickling runs code: refused. Save an array of numbers, "
                    + "or names as an array of text (numpy.array(names, dtype=str)).");
        }

        if (descr.Length >= 2 && descr[1] == 'V')
        {
            throw new NpyFormatException(
                array, $"the dtype '{Shorten(descr)}' is raw bytes without a meaning: NumPy saves bfloat16 (as <V2 or |V2) and float8 like that. "
                    + "Save the array as float32: x.float().numpy() in PyTorch, x.astype('float32') elsewhere.");
        }

        (NpyElementType Type, int TextLength)? type = descr.Length < 2 ? null : descr[1..] switch
        {
            "f2" => (NpyElementType.Float16, 0),
            "f4" => (NpyElementType.Float32, 0),
            "f8" => (NpyElementType.Float64, 0),
            "i1" => (NpyElementType.Int8, 0),
            "i2" => (NpyElementType.Int16, 0),
            "i4" => (NpyElementType.Int32, 0),
            "i8" => (NpyElementType.Int64, 0),
            "u1" => (NpyElementType.UInt8, 0),
            "u2" => (NpyElementType.UInt16, 0),
            "u4" => (NpyElementType.UInt32, 0),
            "u8" => (NpyElementType.UInt64, 0),
            "b1" => (NpyElementType.Boolean, 0),
            ['U', .. string length] when TextLength(length) is { } characters => (NpyElementType.Text, characters),
            ['S', .. string length] when TextLength(length) is { } bytes => (NpyElementType.ByteText, bytes),
            _ => null,
        };
        bool? bigEndian = descr.Length < 2 ? null : descr[0] switch
        {
            '<' => false,
            '>' => true,
            '=' => !BitConverter.IsLittleEndian,
            '|' when descr[1] == 'S' || descr[1..] is "i1" or "u1" or "b1" => false,
            _ => null,
        };
        return type is { } known && bigEndian is { } order
            ? (known.Type, order, known.TextLength)
            : throw new NpyFormatException(
                array, $"the dtype '{Shorten(descr)}' is not supported; supported are float16, float32, float64, int8 to int64, uint8 to uint64, bool and text.");
    }

    private static int? TextLength(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length is > 0 and <= LongestText ? length : null;

    private long[] Tuple()
    {
        Expect('(');
        var lengths = new List<long>();
        while (!Take(')'))
        {
            lengths.Add(Number());
            if (!Take(','))
            {
                // (3) is a number in Python, not a tuple.
                if (lengths.Count == 1)
                {
                    throw Error("a comma is missing in the shape");
                }

                Expect(')');
                break;
            }
        }

        return lengths.Count <= 64 ? [.. lengths] : throw Error($"the shape has {lengths.Count} axes, NumPy allows 64");
    }

    private long Number()
    {
        SkipSpace();
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        if (!long.TryParse(text[start..at], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            throw Error("a length that is not a whole number from 0 to 2^63 − 1");
        }

        // Python 2 wrote long integers as 3L.
        if (at < text.Length && text[at] == 'L')
        {
            at++;
        }

        return value;
    }

    private bool Boolean()
    {
        SkipSpace();
        if (text[at..].StartsWith("True", StringComparison.Ordinal))
        {
            at += 4;
            return true;
        }

        if (text[at..].StartsWith("False", StringComparison.Ordinal))
        {
            at += 5;
            return false;
        }

        throw Error("'fortran_order' must be True or False");
    }

    private string Text()
    {
        SkipSpace();
        if (at >= text.Length || text[at] is not ('\'' or '"'))
        {
            throw Error("a quoted string is expected");
        }

        int length = text[(at + 1)..].IndexOf(text[at]);
        if (length < 0)
        {
            throw Error("a string without end");
        }

        string value = text.Slice(at + 1, length).ToString();
        at += length + 2;
        return value.Contains('\\', StringComparison.Ordinal) ? throw Error("an escaped character") : value;
    }

    private void Expect(char expected)
    {
        if (!Take(expected))
        {
            throw Error($"'{expected}' is expected");
        }
    }

    private bool Take(char expected)
    {
        SkipSpace();
        if (at < text.Length && text[at] == expected)
        {
            at++;
            return true;
        }

        return false;
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
        {
            at++;
        }
    }

    private readonly void RequireAddressable(long[] shape, int textLength)
    {
        // As NumPy: the product of the lengths that are not zero must be a 64-bit number of bytes.
        UInt128 bytes = (UInt128)Math.Max(8, 4 * textLength);
        foreach (long length in shape)
        {
            bytes *= (UInt128)Math.Max(1, length);
            if (bytes > long.MaxValue)
            {
                throw Error("the array has more than 2^63 bytes");
            }
        }
    }

    private readonly NpyFormatException Error(string message) =>
        new(array, $"the header cannot be read at character {at}: {message}. It is: {Shorten(text.ToString())}");

    private static string Shorten(string value)
    {
        string shown = value.Length > 120 ? value[..120] + "…" : value.Trim();
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
