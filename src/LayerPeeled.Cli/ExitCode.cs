using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli;

/// <summary>What the tool returns to the shell; docs/command-line.md has the same table.</summary>
internal static class ExitCode
{
    /// <summary>The result is certified (or the command has nothing to certify).</summary>
    public const int Certified = 0;

    /// <summary>There is a result, but it is not a certified optimum.</summary>
    public const int NotCertified = 1;

    /// <summary>The command line or an input is wrong; nothing was computed or written.</summary>
    public const int Usage = 2;

    /// <summary>A saved solution does not hold what it claims, or cannot be read.</summary>
    public const int ClaimFails = 3;

    /// <summary>Reading, writing or arithmetic failed.</summary>
    public const int Failure = 4;

    /// <summary>Interrupted; the best point so far was returned.</summary>
    public const int Cancelled = 130;

    /// <summary>What each means, for the help.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
    [
        (Certified, "the result is certified optimal (verify: the claim holds and is certified)"),
        (NotCertified, "there is a result, but it is not certified"),
        (Usage, "the command line or an input is wrong; nothing was computed or written"),
        (ClaimFails, "verify: the file does not hold what it claims, or cannot be read"),
        (Failure, "reading, writing or arithmetic failed"),
        (Cancelled, "interrupted (Ctrl-C); the best point so far was written"),
    ];

    /// <summary>That of a solve.</summary>
    public static int Of(SolverStatus status) => status switch
    {
        SolverStatus.Optimal => Certified,
        SolverStatus.Cancelled => Cancelled,
        SolverStatus.NumericalError => Failure,
        _ => NotCertified,
    };
}
