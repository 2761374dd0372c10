namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>A threading layer of MKL's single dynamic library, with the OpenMP run-time it calls.</summary>
/// <param name="Wish">Its name in <c>MKL_THREADING_LAYER</c>.</param>
/// <param name="Number">Its number in <c>MKL_Set_Threading_Layer</c>.</param>
/// <param name="Text">Its name for people.</param>
/// <param name="OpenMp">The run-time, which the layer library itself does not ask the loader for; null when it needs none.</param>
internal sealed record MklLayer(string Wish, int Number, string Text, string? OpenMp)
{
    /// <summary>What MKL is told by those who use it otherwise.</summary>
    public const string EnvironmentVariable = "MKL_THREADING_LAYER";

    public const int SequentialNumber = 1;

    private static readonly MklLayer[] Threaded =
    [
        new("INTEL", 0, "Intel OpenMP", "libiomp5.so"),
        new("GNU", 3, "GNU OpenMP", "libgomp.so.1"),
        new("INTEL", 0, "LLVM OpenMP", "libomp.so.5"),
    ];

    private static readonly MklLayer Sequential = new("SEQUENTIAL", SequentialNumber, "sequential", null);

    /// <summary>The layers that bring or find their own run-time: only where they are wished for.</summary>
    private static readonly MklLayer[] OnDemand = [new("TBB", 4, "TBB", null), new("PGI", 2, "PGI", null)];

    /// <summary>
    /// The layers in the order in which they are tried: the one wished for, those whose run-time the process has loaded already (two of them
    /// would compete for the processors), Intel's, GNU's and LLVM's run-time, none.
    /// </summary>
    public static IReadOnlyList<MklLayer> InOrder(string? wish, Predicate<string> isResident) =>
    [
        .. Threaded.OrderByDescending(layer => isResident(layer.OpenMp!)).Append(Sequential).Concat(OnDemand.Where(layer => layer.IsWished(wish)))
            .OrderByDescending(layer => layer.IsWished(wish)),
    ];

    /// <summary>Whether the text of the environment variable names this layer.</summary>
    public bool IsWished(string? wish) => string.Equals(wish?.Trim(), Wish, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => OpenMp is null ? $"{Text} layer" : $"{Text} layer ({OpenMp})";
}
