using System.Text;

namespace LayerPeeled.Cli;

/// <summary>The streams a command talks to; tests put their own in place.</summary>
internal sealed class Terminal
{
    /// <summary>Results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Errors and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether a person sees the errors, so that progress is worth while.</summary>
    public bool ErrorIsInteractive { get; init; }

    /// <summary>Columns of the output.</summary>
    public int Width { get; init; } = 200;

    /// <summary>Whether the output can show more than ASCII.</summary>
    public bool IsUnicode { get; init; } = true;

    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Console.OutputEncoding = Encoding.UTF8;
            }
            catch (IOException)
            {
                // No console at all: the output is redirected, and stays as it is.
            }
        }

        bool interactive = !Console.IsOutputRedirected;
        return new Terminal
        {
            Output = Console.Out,
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            ErrorIsInteractive = !Console.IsErrorRedirected,
            Width = interactive && Console.WindowWidth > 0 ? Console.WindowWidth : 200,
            IsUnicode = Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage,
        };
    }
}
