using System.IO.Compression;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Text that gzip has packed.</summary>
internal static class Gzip
{
    private const int Longest = 1 << 14;

    /// <summary>What is in a file, as far as it can be read; the file itself where it is none of gzip.</summary>
    public static byte[] Unpack(byte[] file)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            var content = new byte[Longest];
            return content[..stream.ReadAtLeast(content, Longest, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return file;
        }
    }

    /// <summary>Packs bytes.</summary>
    public static byte[] Pack(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var stream = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(content);
        }

        return bytes.ToArray();
    }
}
