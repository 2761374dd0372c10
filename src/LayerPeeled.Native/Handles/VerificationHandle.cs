using LayerPeeled.Data;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;

namespace LayerPeeled.Native.Handles;

/// <summary>What a saved solution is worth.</summary>
internal sealed class VerificationHandle(SolutionVerification verification) : Handle, IHandle
{
    public static string TypeName => "lp_verification";

    public SolutionVerification Verification => verification;

    public LpVerificationInfo Info() => new() { Holds = verification.Holds ? 1 : 0, Certified = verification.Certified ? 1 : 0 };

    public LpCheck Check(int i)
    {
        VerificationCheck check = verification.Checks[i];
        return new LpCheck { Name = Text(check.Name), Detail = Text(check.Detail), Outcome = (int)check.Outcome };
    }
}
