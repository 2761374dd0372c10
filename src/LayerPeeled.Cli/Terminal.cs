using System.Text;
using LayerPeeled.Cli.Output;

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

    /// <summary>Columns of the output where it is a terminal; null where it is a file or another program, for which lines are as long as they are.</summary>
    public int? Width { get; init; }

    /// <summary>The same of errors and progress.</summary>
    public int? ErrorWidth { get; init; }

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

        return new Terminal
        {
            Output = Console.Out,
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            ErrorIsInteractive = !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected ? null : WindowWidth(),
            ErrorWidth = Console.IsErrorRedirected ? null : WindowWidth(),
            IsUnicode = Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage,
        };
    }

    /// <summary>Says something to the person who watches.</summary>
    public void Tell(string message)
    {
        foreach (string line in WordWrap.Lines(message, ErrorWidth, "  "))
        {
            Error.WriteLine(line);
        }
    }

    // A terminal that does not know its size says 0.
    private static int? WindowWidth() => Console.WindowWidth is > 0 and var width ? Math.Max(width, WordWrap.Narrowest) : null;
}
