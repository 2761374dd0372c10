using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;

namespace LayerPeeled.Native.Exports;

/// <summary>Cancellation from another thread.</summary>
internal static unsafe class Tokens
{
    [UnmanagedCallersOnly(EntryPoint = "lp_token_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int Create(nint* result) => Call.Create(result, () => new TokenHandle());

    [UnmanagedCallersOnly(EntryPoint = "lp_token_cancel", CallConvs = [typeof(CallConvCdecl)])]
    public static int Cancel(nint token) => Call.Run(() => HandleTable.Get<TokenHandle>(token, nameof(token)).Cancel());

    [UnmanagedCallersOnly(EntryPoint = "lp_token_is_cancelled", CallConvs = [typeof(CallConvCdecl)])]
    public static int IsCancelled(nint token, int* cancelled) => Call.Run(() =>
        Output.Set(cancelled, HandleTable.Get<TokenHandle>(token, nameof(token)).Token.IsCancellationRequested ? 1 : 0, nameof(cancelled)));

    [UnmanagedCallersOnly(EntryPoint = "lp_token_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint token) => Call.Run(() => HandleTable.Free<TokenHandle>(token, nameof(token)));
}
