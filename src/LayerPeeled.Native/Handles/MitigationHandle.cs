using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Handles;

/// <summary>What rules and losses do, in rows that grow while they are worked out.</summary>
/// <param name="escapingRate">The oversampling rate of two counts; null for others.</param>
internal sealed class MitigationHandle(double? escapingRate) : Handle, IHandle
{
    private readonly List<(MitigationOutcome Outcome, LpMitigationRow Row)> rows = [];

    public static string TypeName => "lp_mitigation";

    public double EscapingRate => escapingRate ?? double.NaN;

    public int Count => rows.Count;

    public MitigationOutcome Outcome(int i) => rows[i].Outcome;

    public LpMitigationRow Row(int i) => rows[i].Row;

    public void AddRule(MitigationOutcome outcome) => Add(outcome, Plain(outcome, MitigationKind.Rule));

    public void AddLoss(MitigationOutcome outcome) => Add(outcome, Plain(outcome, MitigationKind.Loss));

    public void Add(WeakestReweighting found) => Add(found.Outcome, Fields(found.Outcome, MitigationKind.WeakestPower) with
    {
        Value = found.Exponent,
        TooWeakValue = found.TooWeakExponent,
        Separates = 1,
        IsCertified = found.IsCertified ? 1 : 0,
        Solves = found.Solves,
    });

    public void Add(WeakestLoss found) => Add(found.Outcome, Fields(found.Outcome, MitigationKind.WeakestLoss) with
    {
        Value = found.Value,
        TooWeakValue = found.TooWeakValue,
        Separates = found.Separates ? 1 : 0,
        IsCertified = found.IsCertified ? 1 : 0,
        Solves = found.Solves,
    });

    private void Add(MitigationOutcome outcome, LpMitigationRow row) => rows.Add((outcome, row));

    private LpMitigationRow Plain(MitigationOutcome outcome, MitigationKind kind) => Fields(outcome, kind) with
    {
        Value = double.NaN,
        TooWeakValue = double.NaN,
        Separates = outcome.ClassesBelowCriticalSize == 0 ? 1 : 0,
        IsCertified = outcome.Solution.Status == SolverStatus.Optimal ? 1 : 0,
        Solves = 1,
    };

    private LpMitigationRow Fields(MitigationOutcome outcome, MitigationKind kind) => new()
    {
        Name = Text(outcome.Name),
        Kind = (int)kind,
        Status = (int)outcome.Solution.Status,
        Objective = outcome.Solution.Objective,
        RelativeGap = outcome.RelativeGap,
        Multiplier = outcome.Solution.Multiplier,
        CriticalClassSize = outcome.CriticalClassSize,
        ClassesBelowCriticalSize = outcome.ClassesBelowCriticalSize,
        CollapsedCosine = outcome.CollapsedCosine,
        MinorityCosine = outcome.MinorityCosine,
        MinorityNorm2 = outcome.MinorityNorm2,
        SmallestNorm2 = outcome.SmallestNorm2,
        LargestNorm2 = outcome.LargestNorm2,
        BalancedLoss = outcome.BalancedLoss,
        WorstMargin = outcome.WorstMargin,
        WorstClass = outcome.WorstClass,
    };
}
