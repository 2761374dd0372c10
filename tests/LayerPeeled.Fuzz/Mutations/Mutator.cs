using LayerPeeled.Fuzz.Readers;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Changes files: bytes and text anywhere, and what is inside containers, with lengths and checksums made good again.</summary>
internal sealed class Mutator
{
    private const double RawShare = 0.15;

    private readonly Random random;
    private readonly FileFormat format;
    private readonly ByteMutations bytes;
    private readonly ZipMutations zip;
    private readonly NpyMutations npy;
    private readonly JsonMutations json;

    /// <summary>A source of changes.</summary>
    /// <param name="random">What decides.</param>
    /// <param name="words">Words that are put in.</param>
    /// <param name="format">How the files are built.</param>
    public Mutator(Random random, string[] words, FileFormat format)
    {
        (this.random, this.format) = (random, format);
        bytes = new ByteMutations(random, words);
        npy = new NpyMutations(random, bytes);
        json = new JsonMutations(random);
        zip = new ZipMutations(random, words, Inside);
    }

    /// <summary>Changes a file.</summary>
    /// <param name="file">The file, which stays as it is.</param>
    /// <param name="other">Another file, of which parts may be taken.</param>
    /// <param name="changes">How many changes are made.</param>
    public byte[] Mutate(byte[] file, byte[] other, int changes)
    {
        if (file is [(byte)'P', (byte)'K', ..] && random.NextDouble() >= RawShare && zip.Mutate(file, other, changes) is { } archive)
        {
            return archive;
        }

        for (; changes > 0; changes--)
        {
            file = Change(file, other);
        }

        return file;
    }

    private byte[] Change(byte[] file, byte[] other)
    {
        if (random.NextDouble() < RawShare || file.Length == 0)
        {
            return bytes.Mutate(file, other);
        }

        if (format == FileFormat.Records)
        {
            return Checksums.Renew(bytes.Mutate(Checksums.Strip(file), Checksums.Strip(other)));
        }

        return file is [0x1F, 0x8B, ..] ? Gzip.Pack(bytes.Mutate(Gzip.Unpack(file), Gzip.Unpack(other)))
            : Inside(file, other);
    }

    private byte[] Inside(byte[] content, byte[] other) => content is [0x93, ..] ? npy.Mutate(content, other)
        : content is [(byte)'{' or (byte)'[', ..] && random.Next(2) == 0 ? json.Mutate(content, other) ?? bytes.Mutate(content, other)
        : bytes.Mutate(content, other);
}
