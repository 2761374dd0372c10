namespace LayerPeeled.Fuzz.Readers;

/// <summary>A reader of files as the fuzzer calls it.</summary>
/// <param name="Name">Its name on the command line, and that of the folder of its corpus.</param>
/// <param name="Parts">
/// What is done with the bytes of a file, each part apart from the others. A part ends, or throws an error that <paramref name="IsRefusal"/> knows; what it has
/// read it checks.
/// </param>
/// <param name="IsRefusal">Whether an error is the documented one for files that cannot be read.</param>
/// <param name="Format">How files of this kind are changed.</param>
/// <param name="Words">Words of the format, for mutations of text.</param>
internal sealed record FuzzedReader(string Name, Action<byte[]>[] Parts, Func<Exception, bool> IsRefusal, FileFormat Format, string[] Words)
{
    // A part may take some blocks of fixed size (a matrix, 4 bytes for each of the 2²⁴ rows and columns that it may state), objects for every few bytes of
    // text, and numbers of 8 bytes for each of up to 1032 bytes that deflate has packed into one.
    private const long FixedBytes = 192L << 20;
    private const long BytesForAByte = 500;
    private const long BytesForAPackedByte = 2 * 8 * 1032;

    /// <summary>Reads a file and says what was wrong with how the reader took it.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="refusals">Counts the parts that refused the file.</param>
    /// <returns>Null where every part read the file or refused it, within bounds of memory.</returns>
    public string? Try(byte[] file, ref int refusals)
    {
        foreach (Action<byte[]> part in Parts)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                part(file);
            }
            catch (Exception error) when (IsRefusal(error))
            {
                refusals++;
                if (Wording(error.Message) is { } fault)
                {
                    return fault;
                }
            }
            catch (Exception error)
            {
                return error.ToString();
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            bool isPacked = file is [(byte)'P', (byte)'K', ..] or [0x1F, 0x8B, ..];
            if (allocated > FixedBytes + ((isPacked ? BytesForAPackedByte : BytesForAByte) * file.Length))
            {
                return $"{allocated} bytes of memory for a file of {file.Length}.";
            }
        }

        return null;
    }

    // One line for people, however long and strange the file
    private static string? Wording(string message) =>
        message.Length is < 10 or > 1000 ? $"A message of {message.Length} characters: {message}"
        : message.Any(c => char.IsControl(c)) ? $"A message with control characters: {message}" : null;
}
