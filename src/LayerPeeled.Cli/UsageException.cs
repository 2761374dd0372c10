namespace LayerPeeled.Cli;

/// <summary>The command line or an input is wrong. The message is one line that names the argument, its value and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The message of a library error without the name of the library's parameter, which means nothing on a command line.</summary>
    public static string WithoutParameter(ArgumentException error) => error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal);
}
