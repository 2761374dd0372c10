using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using LayerPeeled.Solver.Analysis;

namespace LayerPeeled.Cli.Shards;

/// <summary>What stands at the head of a shard, a line each: all that has to agree for shards to be merged, and what they are.</summary>
internal sealed record ShardHeader
{
    private const string Magic = "layerpeeled-shard 1";

    /// <summary>What every shard begins with.</summary>
    public const string FirstLine = Magic + "\n";

    /// <summary>Version of the tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The command of the whole sweep with all that decides its points, defaults too.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The digest of the sweep's settings, as <see cref="ISweepStore"/> knows it.</summary>
    public required string Sweep { get; init; }

    /// <summary>Name of the linear algebra.</summary>
    public required string LinearAlgebra { get; init; }

    /// <summary>The instructions that decide how sums are rounded.</summary>
    public required string Arithmetic { get; init; }

    /// <summary>Which shard.</summary>
    public required SweepShard Shard { get; init; }

    /// <summary>Points in the shard.</summary>
    public required int Points { get; init; }

    /// <summary>Seconds of one thread that a point took, of those computed by the process that wrote the shard; NaN if it computed none.</summary>
    public required double SecondsPerPoint { get; init; }

    /// <summary>That of this process.</summary>
    public static string ArithmeticHere { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.ProcessArchitecture}, vectors of {Vector<byte>.Count * 8} bits{(System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? ", also of 512" : "")}");

    /// <summary>Its lines.</summary>
    public string Text =>
        $"{FirstLine}tool {Tool}\ncommand {CommandLine}\nsweep {Sweep}\nlinear-algebra {LinearAlgebra}\narithmetic {Arithmetic}\n"
        + string.Create(CultureInfo.InvariantCulture, $"shard {Shard}\npoints {Points}\nseconds-per-point {SecondsPerPoint:r}\n");

    /// <summary>Reads the lines.</summary>
    /// <exception cref="FormatException">They are not those of a header.</exception>
    public static ShardHeader Read(TextReader lines)
    {
        if (lines.ReadLine() != Magic)
        {
            throw new FormatException("It does not begin like a shard.");
        }

        string Field(string name) => lines.ReadLine() is { } line && line.StartsWith(name + ' ', StringComparison.Ordinal) ? line[(name.Length + 1)..]
            : throw new FormatException($"The line '{name}' is missing.");
        return new ShardHeader
        {
            Tool = Field("tool"),
            CommandLine = Field("command"),
            Sweep = Field("sweep"),
            LinearAlgebra = Field("linear-algebra"),
            Arithmetic = Field("arithmetic"),
            Shard = ShardSyntax.TryParse(Field("shard"), out SweepShard? shard) ? shard : throw new FormatException("The line 'shard' is wrong."),
            Points = int.TryParse(Field("points"), NumberStyles.None, CultureInfo.InvariantCulture, out int points)
                ? points : throw new FormatException("The line 'points' is wrong."),
            SecondsPerPoint = double.TryParse(Field("seconds-per-point"), CultureInfo.InvariantCulture, out double seconds)
                ? seconds : throw new FormatException("The line 'seconds-per-point' is wrong."),
        };
    }

    /// <summary>What keeps two shards from being of one sweep; null if nothing does.</summary>
    public string? Conflict(ShardHeader other) =>
        Tool != other.Tool ? $"it is of version {Tool} of the tool, not {other.Tool}"
        : CommandLine != other.CommandLine ? $"it is of '{CommandLine}', not of '{other.CommandLine}'"
        : Shard.Count != other.Shard.Count ? $"it is one of {Shard.Count} shards, not of {other.Shard.Count}"
        : LinearAlgebra != other.LinearAlgebra ? $"it was computed with {LinearAlgebra}, not {other.LinearAlgebra}"
        : Sweep != other.Sweep ? "its sweep has other settings"
        : null;
}
