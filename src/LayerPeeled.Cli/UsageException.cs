namespace LayerPeeled.Cli;

/// <summary>The command line or an input is wrong. The message is one line that names the argument, its value and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message);
