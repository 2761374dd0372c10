using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Exports;

/// <summary>What helps against minority collapse.</summary>
internal static unsafe class Mitigations
{
    private const double DefaultBeta = 0.999;
    private const double DefaultPowerTolerance = 1e-5;
    private const double DefaultFamilyTolerance = 1e-4;

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigate", CallConvs = [typeof(CallConvCdecl)])]
    public static int Mitigate(LpArray* counts, LpMitigationOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        double[] examples = ArrayView.Of(counts, nameof(counts)).ToNumbers();
        LpMitigationOptions given = Sized.Read(options, nameof(options));
        int minority = Choice.UnlessZero(given.MinorityClasses) ?? 2;
        ILoss[] losses = [.. (PinnedText.ReadAll(given.Losses, given.LossCount, "options.losses") ?? []).Select(LossCatalog.Parse)];
        string[] families = PinnedText.ReadAll(given.WeakestFamilies, given.WeakestFamilyCount, "options.weakest_families") ?? [];
        bool nothing = given.RuleCount == 0 && losses.Length == 0 && families.Length == 0 && given.FindWeakestPower == 0;
        ReweightingRule[] rules = nothing
            ? [ReweightingRule.None, ReweightingRule.SquareRootInverse, ReweightingRule.EffectiveNumber(DefaultBeta), ReweightingRule.InverseFrequency]
            : Rules(given);
        var byRule = new MitigationAnalysis(examples, given.ClassifierBudget, given.FeatureBudget, minority);
        var byLoss = new LossMitigation(examples, given.ClassifierBudget, given.FeatureBudget, minority);
        using RunControl run = RunControl.Of(control);
        var rows = new MitigationHandle(byRule.EscapingOversamplingRate);
        Array.ForEach(rules, rule => Unless(run, () => byRule.Apply(rule, run.Progress, run.Token), rows.AddRule));
        Array.ForEach(losses, loss => Unless(run, () => byLoss.Apply(loss, run.Progress, run.Token), rows.AddLoss));
        if (given.FindWeakestPower != 0)
        {
            double tolerance = Choice.UnlessZero(given.PowerTolerance) ?? DefaultPowerTolerance;
            Unless(run, () => byRule.FindWeakestPower(tolerance, run.Progress, run.Token), rows.Add);
        }

        double width = Choice.UnlessZero(given.FamilyTolerance) ?? DefaultFamilyTolerance;
        Array.ForEach(families, family => Unless(run, () => byLoss.FindWeakest(family, width, run.Progress, run.Token), rows.Add));
        return rows;
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigation_get_rows", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetRows(nint mitigation, LpMitigationRow* rows, long capacity, long* count) => Call.Run(() =>
    {
        MitigationHandle handle = Get(mitigation);
        Sized.WriteRows(rows, capacity, count, handle.Count, handle.Row);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigation_get_weights", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetWeights(nint mitigation, long row, LpArray* weights) => Call.Run(() =>
    {
        IReadOnlyList<double> all = Outcome(mitigation, row).LossWeights;
        ArrayView.OfOutput(weights, nameof(weights), all.Count, 1).WriteVector(k => all[k]);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigation_get_solution", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetSolution(nint mitigation, long row, nint* result) => Call.Create(result, () => new ClassSolutionHandle(Outcome(mitigation, row).Solution));

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigation_get_escaping_rate", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetEscapingRate(nint mitigation, double* rate) => Call.Run(() => Output.Set(rate, Get(mitigation).EscapingRate, nameof(rate)));

    [UnmanagedCallersOnly(EntryPoint = "lp_mitigation_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint mitigation) => Call.Run(() => HandleTable.Free<MitigationHandle>(mitigation, nameof(mitigation)));

    // What a cancelled solve cut short is no row.
    private static void Unless<T>(RunControl run, Func<T> solve, Action<T> add)
    {
        if (!run.Token.IsCancellationRequested && solve() is var outcome && !run.Token.IsCancellationRequested)
        {
            add(outcome);
        }
    }

    private static ReweightingRule[] Rules(LpMitigationOptions given)
    {
        if (given.RuleCount < 0 || given.RuleCount > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException("options.rule_count", given.RuleCount, "The number of rules cannot be negative.");
        }

        var rules = new ReweightingRule[given.RuleCount];
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i] = Rule(Sized.Read((LpRule*)((byte*)given.Rules + ((nuint)i * Sized.SizeOf(given.Rules, "options.rules"))), $"options.rules[{i}]"), $"options.rules[{i}]");
        }

        return rules;
    }

    private static ReweightingRule Rule(LpRule rule, string name) => Choice.Of<RuleKind>(rule.Kind, name + ".kind") switch
    {
        RuleKind.None => ReweightingRule.None,
        RuleKind.InverseFrequency => ReweightingRule.InverseFrequency,
        RuleKind.SquareRootInverse => ReweightingRule.SquareRootInverse,
        RuleKind.EffectiveNumber => ReweightingRule.EffectiveNumber(rule.Parameter),
        RuleKind.Power => ReweightingRule.Power(rule.Parameter),
        RuleKind.Oversampling => ReweightingRule.Oversampling(rule.Parameter, rule.Below),
        _ => ReweightingRule.Custom(PinnedText.ReadOrNull(rule.Name, name + ".name") ?? "custom", ArrayView.Of(rule.Weights, name + ".weights").ToNumbers()),
    };

    private static MitigationOutcome Outcome(nint mitigation, long row)
    {
        MitigationHandle handle = Get(mitigation);
        return handle.Outcome(Choice.Index(row, handle.Count, nameof(row)));
    }

    private static MitigationHandle Get(nint mitigation) => HandleTable.Get<MitigationHandle>(mitigation, nameof(mitigation));
}
