using LayerPeeled.Fuzz.Readers;
using SharpFuzz;

namespace LayerPeeled.Fuzz;

/// <summary>One reader as a program for AFL, which makes the files and keeps those that crash it. Outside of AFL it takes one file from the standard input.</summary>
internal static class AflRun
{
    public static void Run(FuzzedReader reader) => Fuzzer.Run(stream =>
    {
        using var file = new MemoryStream();
        stream.CopyTo(file);
        int refusals = 0;
        if (reader.Try(file.ToArray(), ref refusals) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    });
}
