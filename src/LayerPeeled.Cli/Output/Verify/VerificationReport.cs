using System.Text.Json;
using LayerPeeled.Data;

namespace LayerPeeled.Cli.Output.Verify;

/// <summary>The verdict on a saved solution, for people and for programs.</summary>
internal sealed class VerificationReport
{
    private readonly string file;
    private readonly SolutionVerification? verification;
    private readonly string[] reasons;

    private VerificationReport(string file, SolutionVerification? verification, IEnumerable<string> reasons)
    {
        this.file = file;
        this.verification = verification;
        this.reasons = reasons.ToArray();
    }

    public int ExitCode => verification is not { Holds: true } ? Cli.ExitCode.ClaimFails
        : verification.Certified ? Cli.ExitCode.Certified : Cli.ExitCode.NotCertified;

    private string Verdict => verification switch
    {
        { Certified: true } => "The claim holds: a certified global optimum.",
        { Holds: true } => $"The claim holds, but it is not that of a certified optimum (status {verification.Saved.Status}).",
        null => "Rejected: this is not a saved solution.",
        _ => "Rejected: the claim does not hold.",
    };

    public static VerificationReport Of(string file, SolutionVerification verification) => new(
        file, verification, verification.Checks.Where(c => c.Outcome != VerificationOutcome.Holds).Select(c => $"{c.Name}: {c.Detail}"));

    public static VerificationReport Unreadable(string file, string reason) => new(file, null, [reason]);

    public void Write(Sheet sheet)
    {
        sheet.Line(Verdict);
        if (verification is null)
        {
            Array.ForEach(reasons, sheet.Line);
            return;
        }

        sheet.Line();
        sheet.Facts(verification.Checks.Select(check => ($"{Mark(check.Outcome)}  {check.Name}", check.Detail)));
    }

    public string ToJson() => JsonText.Object(json =>
    {
        json.WriteString("file", file);
        json.WriteBoolean("holds", verification is { Holds: true });
        json.WriteBoolean("certified", verification is { Certified: true });
        if (verification is not null)
        {
            json.WriteString("status", verification.Saved.Status.ToString());
            Number(json, "objective", verification.Certificate.PrimalValue);
            Number(json, "log10Objective", verification.Certificate.Log10PrimalValue);
            Number(json, "lowerBound", verification.Certificate.LowerBound);
            Number(json, "absoluteGap", verification.Certificate.AbsoluteGap);
            Number(json, "relativeGap", verification.Certificate.RelativeGap);
            json.WriteNumber("gapTolerance", verification.Saved.GapTolerance);
            json.WriteNumber("multiplier", Sheet.Unsigned(verification.Certificate.Multiplier));
        }

        json.WriteStartArray("checks");
        foreach (VerificationCheck check in verification?.Checks ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("outcome", check.Outcome.ToString());
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("reasons");
        Array.ForEach(reasons, json.WriteStringValue);
        json.WriteEndArray();
    });

    // JSON knows no NaN.
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Mark(VerificationOutcome outcome) => outcome switch
    {
        VerificationOutcome.Holds => "holds",
        VerificationOutcome.Fails => "FAILS",
        _ => "open ",
    };
}
