namespace LayerPeeled.Fuzz.Mutations;

/// <summary>Changes to NumPy arrays whose header keeps its length.</summary>
internal sealed class NpyMutations(Random random, ByteMutations bytes)
{
    private const int Prefix = 10;

    /// <summary>Makes one change.</summary>
    public byte[] Mutate(byte[] file, byte[] other)
    {
        int header = file.Length < Prefix ? -1 : file[8] + (file[9] << 8);
        if (header < 0 || file[6] != 1 || Prefix + header > file.Length || random.Next(10) == 0)
        {
            return bytes.Mutate(file, other);
        }

        byte[] text = file[Prefix..(Prefix + header)], data = file[(Prefix + header)..];
        switch (random.Next(4))
        {
            case 0:
                data = bytes.Mutate(data, other);
                break;
            case 1:
                data = random.Next(2) == 0 ? [.. data, .. data] : new byte[random.Next(256)];
                break;
            default:
                text = bytes.Mutate(text, []);
                break;
        }

        return [.. file[..8], (byte)text.Length, (byte)(text.Length >> 8), .. text, .. data];
    }
}
