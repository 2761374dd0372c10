using System.Text;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Writes shared libraries for 64-bit Linux on x86 that export some names and misbehave as told: no compiler is needed for a broken BLAS.</summary>
internal static class TinyLibrary
{
    /// <summary>Returns at once, having done nothing.</summary>
    public static readonly byte[] Returns = [0xc3];

    /// <summary>mov edi, 7; mov eax, 231 (exit_group); syscall.</summary>
    public static readonly byte[] EndsTheProcess = [0xbf, 7, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05];

    /// <summary>xor eax, eax; mov [rax], eax.</summary>
    public static readonly byte[] WritesToNull = [0x31, 0xc0, 0x89, 0x00];

    private const int HeaderLength = 64;
    private const int ProgramHeaderLength = 56;
    private const int SymbolLength = 24;

    /// <summary>A library in which every exported function runs the same code.</summary>
    /// <param name="file">The file to write.</param>
    /// <param name="exports">Names of the functions.</param>
    /// <param name="code">What each of them does.</param>
    /// <param name="atLoad">What is done when the library is loaded, or null.</param>
    public static void Write(string file, IReadOnlyList<string> exports, byte[] code, byte[]? atLoad = null)
    {
        int symbols = exports.Count + 1;
        const int HashAt = HeaderLength + (3 * ProgramHeaderLength);
        int symbolsAt = Align(HashAt + (4 * (3 + symbols)));
        int textAt = symbolsAt + (symbols * SymbolLength);
        string text = "\0" + string.Concat(exports.Select(name => name + "\0"));
        int dynamicAt = Align(textAt + text.Length), codeAt = dynamicAt + (7 * 16), loadAt = codeAt + code.Length;
        int length = loadAt + (atLoad?.Length ?? 0);
        using var writer = new BinaryWriter(File.Create(file));

        // ELF header: 64 bits, little-endian, shared object, x86-64.
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Halves(writer, 3, 62);
        writer.Write(1);
        Longs(writer, 0, HeaderLength, 0);
        writer.Write(0);
        Halves(writer, HeaderLength, ProgramHeaderLength, 3, 64, 0, 0);
        ProgramHeader(writer, type: 1, flags: 7, 0, length);
        ProgramHeader(writer, type: 2, flags: 6, dynamicAt, 7 * 16);
        ProgramHeader(writer, type: 0x6474e551, flags: 6, 0, 0);

        // One bucket with all symbols in it.
        writer.Write(1);
        writer.Write(symbols);
        writer.Write(symbols > 1 ? 1 : 0);
        for (int i = 0; i < symbols; i++)
        {
            writer.Write(i == 0 || i == symbols - 1 ? 0 : i + 1);
        }

        Pad(writer, symbolsAt + SymbolLength);
        int nameAt = 1;
        foreach (string name in exports)
        {
            writer.Write(nameAt);
            Halves(writer, 0x12, 1);
            Longs(writer, codeAt, code.Length);
            nameAt += name.Length + 1;
        }

        writer.Write(Encoding.ASCII.GetBytes(text));
        Pad(writer, dynamicAt);
        Longs(writer, 4, HashAt, 5, textAt, 6, symbolsAt, 10, text.Length, 11, SymbolLength, atLoad is null ? 0 : 12, atLoad is null ? 0 : loadAt, 0, 0);
        writer.Write(code);
        writer.Write(atLoad ?? []);
    }

    private static int Align(int offset) => (offset + 7) / 8 * 8;

    private static void Pad(BinaryWriter writer, int offset) => writer.Write(new byte[offset - writer.BaseStream.Position]);

    private static void Halves(BinaryWriter writer, params ReadOnlySpan<short> values)
    {
        foreach (short value in values)
        {
            writer.Write(value);
        }
    }

    private static void Longs(BinaryWriter writer, params ReadOnlySpan<long> values)
    {
        foreach (long value in values)
        {
            writer.Write(value);
        }
    }

    private static void ProgramHeader(BinaryWriter writer, int type, int flags, long offset, long length)
    {
        writer.Write(type);
        writer.Write(flags);
        Longs(writer, offset, offset, offset, length, length, type == 1 ? 0x1000 : 8);
    }
}
