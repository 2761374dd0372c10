using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz;
using SharpFuzz.Common;

namespace LayerPeeled.Fuzz;

/// <summary>
/// Which branches of the instrumented libraries an input takes, and how often: the map that SharpFuzz shares with AFL, read within the process. Pairs of
/// branches hash into places of the map, and counts into eight ranges, as AFL has it.
/// </summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    // The libraries write there as long as the process lives.
    private static readonly byte* counts = (byte*)NativeMemory.AllocZeroed(Size);

    private readonly byte[] seen = new byte[Size];

    /// <summary>Instruments libraries beside this program, unless they are already. Nothing of them may have been used before.</summary>
    public static void Instrument(params string[] libraries)
    {
        Trace.SharedMem = counts;
        foreach (string library in libraries)
        {
            try
            {
                Fuzzer.Instrument(Path.Combine(AppContext.BaseDirectory, library), _ => true, Options.Value);
            }
            catch (InstrumentationException)
            {
                // By an earlier run
            }
        }
    }

    /// <summary>Places of the map that any input has reached.</summary>
    public int Edges => seen.Count(bits => bits != 0);

    private static Span<byte> Counts => new(counts, Size);

    /// <summary>Begins with an input.</summary>
    public static void Clear()
    {
        Trace.PrevLocation = 0;
        Counts.Clear();
    }

    /// <summary>Ends with an input; true if it did what none before it did.</summary>
    public bool IsNew()
    {
        bool isNew = false;
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(Counts);
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong word = words[w]; word != 0;)
            {
                int place = (8 * w) + (BitOperations.TrailingZeroCount(word) / 8);
                byte range = Range(counts[place]);
                isNew |= (seen[place] & range) == 0;
                seen[place] |= range;
                word &= ~(0xFFUL << (8 * (place % 8)));
            }
        }

        return isNew;
    }

    /// <summary>The places that the last input reached.</summary>
    public static IReadOnlyList<int> Reached()
    {
        var places = new List<int>();
        for (int place = 0; place < Size; place++)
        {
            if (counts[place] != 0)
            {
                places.Add(place);
            }
        }

        return places;
    }

    private static byte Range(byte count) => count switch { <= 1 => 1, 2 => 2, 3 => 4, <= 7 => 8, <= 15 => 16, <= 31 => 32, <= 127 => 64, _ => 128 };
}
