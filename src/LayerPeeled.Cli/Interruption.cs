using System.Runtime.InteropServices;

namespace LayerPeeled.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) of a solve into a cancellation; the second ends the process, as does the first elsewhere.</summary>
internal sealed class Interruption(Terminal terminal) : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private PosixSignalRegistration[] registrations = [];

    /// <summary>Starts to listen.</summary>
    /// <returns>Cancelled by the first signal.</returns>
    public CancellationToken Listen()
    {
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
        return source.Token;
    }

    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (!source.IsCancellationRequested)
        {
            context.Cancel = true;
            if (terminal.ErrorIsInteractive)
            {
                terminal.Error.WriteLine();
                terminal.Tell("Stopping: the best point so far is being certified. Ctrl-C again ends at once.");
            }

            source.Cancel();
        }
    }
}
