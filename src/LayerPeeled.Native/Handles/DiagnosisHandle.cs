using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;

namespace LayerPeeled.Native.Handles;

/// <summary>A network beside the optimum.</summary>
internal sealed class DiagnosisHandle(NetworkDiagnosis diagnosis) : Handle, IHandle
{
    public static string TypeName => "lp_diagnosis";

    public NetworkDiagnosis Diagnosis => diagnosis;

    public LpDiagnosisInfo Info() => new()
    {
        Status = (int)diagnosis.Solution.Status,
        Groups = diagnosis.Groups.Count,
        CollapsedClasses = diagnosis.CollapsedClasses.Count,
        ClassifierBudget = diagnosis.Solution.Model.ClassifierBudget,
        FeatureBudget = diagnosis.Solution.Model.FeatureBudget,
        Objective = diagnosis.Solution.Objective,
        RelativeGap = diagnosis.Solution.Certificate.RelativeGap,
        Multiplier = diagnosis.Solution.Multiplier,
        CriticalClassSize = diagnosis.CriticalClassSize,
        Notes = Lines(diagnosis.Notes),
    };

    public LpGroupComparison Group(int g)
    {
        ClassGroupMetrics measured = diagnosis.Groups[g].Measured, predicted = diagnosis.Groups[g].Predicted;
        return new LpGroupComparison
        {
            Classes = measured.Classes.Count,
            SmallestCount = measured.SmallestCount,
            LargestCount = measured.LargestCount,
            ClassesBelowCriticalSize = diagnosis.Groups[g].ClassesBelowCriticalSize,
            MeasuredClassifierNorms = SummaryFields.Of(measured.ClassifierNorms),
            PredictedClassifierNorms = SummaryFields.Of(predicted.ClassifierNorms),
            MeasuredMeanNorms = SummaryFields.Of(measured.MeanNorms),
            PredictedMeanNorms = SummaryFields.Of(predicted.MeanNorms),
            MeasuredClassifierCosines = SummaryFields.Of(measured.ClassifierCosines),
            PredictedClassifierCosines = SummaryFields.Of(predicted.ClassifierCosines),
            MeasuredMeanCosines = SummaryFields.Of(measured.MeanCosines),
            PredictedMeanCosines = SummaryFields.Of(predicted.MeanCosines),
        };
    }

    public LpCollapsedClass Collapsed(int i)
    {
        CollapsedClass collapsed = diagnosis.CollapsedClasses[i];
        return new LpCollapsedClass
        {
            Index = collapsed.Index,
            Label = collapsed.Label,
            Count = collapsed.Count,
            EffectiveCount = collapsed.EffectiveCount,
            BalancingWeight = collapsed.BalancingWeight,
        };
    }
}
