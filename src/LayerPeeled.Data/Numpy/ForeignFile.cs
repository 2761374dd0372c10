namespace LayerPeeled.Data.Numpy;

/// <summary>Tells by its first bytes what a file is that is not what was expected, and what to do with it.</summary>
internal static class ForeignFile
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int Length = 10;

    private const string Arrays =
        "Load it in Python and save the arrays: numpy.savez(\"network.npz\", features=…, labels=…, weight=model.fc.weight.detach().cpu().numpy(), bias=…).";

    /// <summary>What is said of a PyTorch checkpoint.</summary>
    public const string Checkpoint = "It is a PyTorch checkpoint (.pt), which is pickled: unpickling runs code, so it is refused. " + Arrays;

    /// <summary>The same of a stream that should hold an archive; where it can seek, it is left where it was.</summary>
    public static string HintOnArchive(Stream stream)
    {
        if (!stream.CanSeek)
        {
            return "";
        }

        Span<byte> start = stackalloc byte[Length];
        long position = stream.Position;
        int found = stream.ReadAtLeast(start, Length, throwOnEndOfStream: false);
        stream.Position = position;
        return start is [(byte)'P', (byte)'K', ..] ? "" : Hint(start[..found]);
    }

    /// <summary>A sentence with a blank before it; empty where nothing is known.</summary>
    public static string Hint(ReadOnlySpan<byte> start)
    {
        string? hint = start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => "It is a zip archive: open it as .npz, unless it is a PyTorch checkpoint (.pt).",
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "It is a single array (.npy), not an archive of them.",
            [0x80, >= 2 and <= 5, ..] => "It looks like a pickle, perhaps an old PyTorch checkpoint: unpickling runs code, so it is refused. " + Arrays,
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "It is an HDF5 file. " + Arrays,
            [_, _, _, _, _, 0, 0, 0, (byte)'{', (byte)'"', ..] => "It looks like a safetensors file. " + Arrays,
            _ => null,
        };
        return hint is null ? "" : " " + hint;
    }
}
