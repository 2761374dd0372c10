using System.Diagnostics.CodeAnalysis;
using LayerPeeled.Native.Border;

namespace LayerPeeled.Native.Handles;

/// <summary>What cancels calls from another thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to dispose of, and calls may still use its token.")]
internal sealed class TokenHandle : Handle, IHandle
{
    private readonly CancellationTokenSource source = new();

    public static string TypeName => "lp_token";

    public CancellationToken Token => source.Token;

    public void Cancel() => source.Cancel();
}
