using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LayerPeeled.Data.ClassFiles;

namespace LayerPeeled.Data;

/// <summary>
/// JSON documents whose strings are all text. The run-time parses others too, and fails with an error of its own once such a string is asked for.
/// </summary>
internal static class JsonUtf8
{
    /// <summary>Parses a document; a byte-order mark is skipped.</summary>
    /// <param name="utf8">The document, which must stay as it is while the result is in use.</param>
    /// <exception cref="JsonException">It is not JSON, has a property twice, is not UTF-8, or has half of a surrogate pair in a string.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;
        RequireText(utf8.Span);
        return JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    /// <summary>Throws unless all strings are text.</summary>
    /// <param name="utf8">The document.</param>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static void RequireText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            int at = 0;
            while (Rune.DecodeFromUtf8(utf8[at..], out _, out int length) == OperationStatus.Done)
            {
                at += length;
            }

            throw Fault("a character is not UTF-8", utf8, at);
        }

        // Only these escapes can be halves of pairs.
        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    throw Fault("a string has half of a surrogate pair", utf8, (int)reader.TokenStartIndex);
                }
            }
        }
    }

    /// <summary>What is wrong with a document, in one line.</summary>
    public static string Reason(JsonException error) => Shown.Sentence(error.Message.Split(" LineNumber:")[0]);

    /// <summary>Where it is wrong, and what.</summary>
    public static string PlaceAndReason(JsonException error) =>
        string.Create(CultureInfo.InvariantCulture, $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {Reason(error)}");

    private static JsonException Fault(string what, ReadOnlySpan<byte> utf8, int at)
    {
        ReadOnlySpan<byte> before = utf8[..at];
        long line = before.Count((byte)'\n'), place = at - 1 - before.LastIndexOf((byte)'\n');
        return new JsonException($"{what}. LineNumber: {line} | BytePositionInLine: {place}.", null, line, place);
    }
}
