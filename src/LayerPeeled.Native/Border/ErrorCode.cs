using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Border;

/// <summary>What functions return: the constants <c>LP_OK</c>, <c>LP_ERROR_…</c> of the header.</summary>
internal enum ErrorCode
{
    Ok = 0,
    Argument = 1,
    Range = 2,
    Memory = 3,
    Cancelled = 4,
    Unsupported = 5,
    Io = 6,
    Format = 7,
    Numerical = 8,
    State = 9,
    Internal = 10,
}

internal static class ErrorCodes
{
    /// <summary>The code of a kind of exception.</summary>
    public static ErrorCode Of(Exception error) => error switch
    {
        ArgumentOutOfRangeException => ErrorCode.Range,
        ArgumentException => ErrorCode.Argument,
        OutOfMemoryException => ErrorCode.Memory,
        OperationCanceledException => ErrorCode.Cancelled,
        NotSupportedException => ErrorCode.Unsupported,
        IOException or UnauthorizedAccessException => ErrorCode.Io,
        FormatException => ErrorCode.Format,
        ArithmeticException or NotOptimalException => ErrorCode.Numerical,
        InvalidOperationException => ErrorCode.State,
        _ => ErrorCode.Internal,
    };
}
