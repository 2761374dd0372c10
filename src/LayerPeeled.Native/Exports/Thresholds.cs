using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis;
using LayerPeeled.Solver.Analysis.Penalised;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Native.Exports;

/// <summary>Thresholds of minority collapse, and sweeps along ratios.</summary>
internal static unsafe class Thresholds
{
    private const int NotSolved = -1;

    [UnmanagedCallersOnly(EntryPoint = "lp_threshold_at", CallConvs = [typeof(CallConvCdecl)])]
    public static int At(int majority, int minority, double budgetProduct, LpThreshold* result) => Call.Run(() =>
        Sized.Write(result, Fields(MinorityCollapseThreshold.At(majority, minority, budgetProduct)), "out"));

    [UnmanagedCallersOnly(EntryPoint = "lp_threshold_at_ratio", CallConvs = [typeof(CallConvCdecl)])]
    public static int AtRatio(int majority, int minority, double ratio, LpThreshold* result) => Call.Run(() =>
        Sized.Write(result, Fields(MinorityCollapseThreshold.AtRatio(majority, minority, ratio)), "out"));

    [UnmanagedCallersOnly(EntryPoint = "lp_threshold_of_model", CallConvs = [typeof(CallConvCdecl)])]
    public static int OfModel(nint model, LpThreshold* result) => Call.Run(() =>
    {
        ModelHandle handle = HandleTable.Get<ModelHandle>(model, nameof(model));
        MinorityCollapseThreshold threshold = MinorityCollapseThreshold.Of(handle.Classes);
        double ratio = MinorityCollapseThreshold.EffectiveRatio(handle.Classes);
        Sized.Write(result, Fields(threshold) with { ModelRatio = ratio, Collapses = threshold.Collapses(ratio) ? 1 : 0 }, "out");
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_penalty_thresholds", CallConvs = [typeof(CallConvCdecl)])]
    public static int OfPenalties(nint model, double* complete, LpArray* groups) => Call.Run(() =>
    {
        PenaltyThresholds thresholds = PenaltyThresholds.Of(HandleTable.Get<ModelHandle>(model, nameof(model)).Classes);
        if (groups != null)
        {
            ArrayView.OfOutput(groups, nameof(groups), thresholds.Groups.Count, 1).WriteVector(g => thresholds.Groups[g]);
        }

        Output.Set(complete, thresholds.Complete, nameof(complete));
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_sweep", CallConvs = [typeof(CallConvCdecl)])]
    public static int Sweep(LpArray* ratios, LpSweepOptions* options, LpControl* control, LpSweepRow* rows, long capacity, long* solved) => Call.Run(() =>
    {
        double[] along = ArrayView.Of(ratios, nameof(ratios)).ToNumbers();
        LpSweepOptions given = Sized.Read(options, nameof(options));
        if (capacity < along.Length)
        {
            throw new ArgumentException($"There is space for {capacity} rows; one for each of the {along.Length} ratios is needed.", nameof(capacity));
        }

        var sweep = ParameterSweep.AlongRatio(given.MajorityClasses, given.MinorityClasses, given.ClassifierBudget, given.FeatureBudget, along);
        var how = new SweepOptions();
        AutomaticOptions solver = how.Solver;
        how = how with
        {
            MaxDegreeOfParallelism = Choice.UnlessZero(given.Threads) ?? how.MaxDegreeOfParallelism,
            Solver = solver with { RelativeGapTolerance = Choice.UnlessZero(given.GapTolerance) ?? solver.RelativeGapTolerance },
        };
        using RunControl run = RunControl.Of(control);
        SweepResult result = sweep.Run(how, run.Token);
        Sized.WriteRows(rows, capacity, null, along.Length, i => Row(along[i], result.Lines[0][i]));
        Output.SetIfThere(solved, result.Progress.Done);
    });

    private static LpThreshold Fields(MinorityCollapseThreshold threshold) => new()
    {
        MajorityClasses = threshold.MajorityClasses,
        MinorityClasses = threshold.MinorityClasses,
        BudgetProduct = threshold.BudgetProduct,
        Ratio = threshold.Ratio,
        LogRatio = threshold.LogRatio,
        CriticalShare = threshold.CriticalShare,
        LogCriticalShare = threshold.LogCriticalShare,
        Objective = threshold.Objective,
        LogObjective = threshold.LogObjective,
        MajorityCosine = threshold.MajorityCosine,
        CrossCosine = threshold.CrossCosine,
        MinorityNorm2Ratio = threshold.MinorityNorm2Ratio,
        BudgetElasticity = threshold.BudgetElasticity,
        ModelRatio = double.NaN,
    };

    private static LpSweepRow Row(double ratio, StepImbalancePoint? point) => new()
    {
        Ratio = ratio,
        Status = point is null ? NotSolved : (int)point.Status,
        Collapsed = point?.Collapsed == true ? 1 : 0,
        Objective = point?.Objective ?? double.NaN,
        RelativeGap = point?.RelativeGap ?? double.NaN,
        Multiplier = point?.Multiplier ?? double.NaN,
        Classifier = Side(point?.Classifier),
        Feature = Side(point?.Feature),
    };

    private static LpSide Side(StepImbalanceSide? side) => new()
    {
        MajorityNorm2 = side?.MajorityNorm2 ?? double.NaN,
        MinorityNorm2 = side?.MinorityNorm2 ?? double.NaN,
        MajorityCosine = side?.MajorityCosine ?? double.NaN,
        MinorityCosine = side?.MinorityCosine ?? double.NaN,
        CrossCosine = side?.CrossCosine ?? double.NaN,
    };
}
