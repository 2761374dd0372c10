using System.Buffers.Binary;
using System.IO.Compression;

namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Changes to zip archives that keep lengths and CRC-32 right, and lies about them.</summary>
/// <param name="random">What decides.</param>
/// <param name="words">Names of entries among other words.</param>
/// <param name="inside">Changes the content of an entry; the second argument is another content.</param>
internal sealed class ZipMutations(Random random, string[] words, Func<byte[], byte[], byte[]> inside)
{
    private const int MostEntries = 24;
    private const int LongestEntry = 1 << 16;

    private static readonly uint[] Lies = [0, 1, 100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    private readonly record struct Entry(string Name, byte[] Content, bool IsPacked);

    /// <summary>Makes changes; null where the archive cannot be read.</summary>
    public byte[]? Mutate(byte[] file, byte[] other, int changes)
    {
        if (Entries(file) is not { Count: > 0 } entries)
        {
            return null;
        }

        List<Entry> others = Entries(other) is { Count: > 0 } read ? read : [.. entries];
        for (; changes > 0 && entries.Count > 0; changes--)
        {
            Change(entries, others);
        }

        byte[] changed = Pack(entries);
        return random.Next(10) == 0 ? Lie(changed) : changed;
    }

    private void Change(List<Entry> entries, List<Entry> others)
    {
        int at = random.Next(entries.Count);
        Entry entry = entries[at], foreign = others[random.Next(others.Count)];
        switch (random.Next(11))
        {
            case 0:
                entries.RemoveAt(at);
                break;
            case 1 when entries.Count < MostEntries:
                entries.Insert(at, foreign);
                break;
            case 2:
                entries[at] = entry with { Name = words[random.Next(words.Length)] + (random.Next(2) == 0 ? ".npy" : "") };
                break;
            case 3:
                entries[at] = entry with { Content = foreign.Content };
                break;
            case 4:
                entries[at] = entry with { IsPacked = !entry.IsPacked };
                break;
            default:
                entries[at] = entry with { Content = inside(entry.Content, foreign.Content) };
                break;
        }
    }

    private static List<Entry>? Entries(byte[] file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file));
            var entries = new List<Entry>();
            foreach (ZipArchiveEntry entry in archive.Entries.Take(MostEntries))
            {
                using Stream stream = entry.Open();
                var content = new byte[LongestEntry];
                int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
                entries.Add(new Entry(entry.FullName, content[..length], entry.CompressedLength < entry.Length));
            }

            return entries;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static byte[] Pack(List<Entry> entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (Entry entry in entries)
            {
                ZipArchiveEntry created = archive.CreateEntry(
                    entry.Name.Length > 0 ? entry.Name : "_", entry.IsPacked ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
                created.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = created.Open();
                stream.Write(entry.Content);
            }
        }

        return bytes.ToArray();
    }

    // In the fields of a local header (PK 3 4) or of the index (PK 1 2): method, CRC-32, sizes, lengths, offset.
    private byte[] Lie(byte[] file)
    {
        byte[] signature = random.Next(2) == 0 ? [(byte)'P', (byte)'K', 3, 4] : [(byte)'P', (byte)'K', 1, 2];
        int[] fields = signature[2] == 3 ? [8, 14, 18, 22, 26] : [10, 16, 20, 24, 28, 42];
        int at = file.AsSpan().IndexOf(signature), place = at + fields[random.Next(fields.Length)];
        if (at >= 0 && place + 4 <= file.Length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(place), Lies[random.Next(Lies.Length)]);
        }

        return file;
    }
}
