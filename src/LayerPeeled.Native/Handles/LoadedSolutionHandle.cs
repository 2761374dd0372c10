using LayerPeeled.Data;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>A solution as a file has it.</summary>
internal sealed class LoadedSolutionHandle(SavedSolution saved) : SolutionHandle
{
    private readonly Lazy<GroupedFactors> point = new(saved.Point);

    public override IReadOnlyList<GroupGeometry> Groups => saved.Groups;

    public override LpSolutionInfo Info() => new()
    {
        Status = (int)saved.Status,
        ModelKind = ModelKinds.Classes,
        Iterations = -1,
        Classes = saved.Model.ClassCount,
        Columns = saved.Model.ClassCount,
        Groups = saved.Groups.Count,
        FeatureDimension = saved.Model.FeatureDimension,
        Rank = point.Value.Rank,
        ClassesBelowCriticalSize = saved.ClassesBelowCriticalSize,
        Objective = saved.Objective,
        Loss = double.IsNaN(saved.MeanLoss) ? saved.Objective : saved.MeanLoss,
        UpperBound = saved.ObjectiveUpperBound,
        LowerBound = saved.LowerBound,
        AbsoluteGap = saved.AbsoluteGap,
        RelativeGap = saved.RelativeGap,
        GapTolerance = saved.GapTolerance,
        Log10Objective = saved.Log10Objective,
        Log10UpperBound = saved.Log10ObjectiveUpperBound,
        Log10LowerBound = saved.Log10LowerBound,
        Log10AbsoluteGap = saved.Log10AbsoluteGap,
        Multiplier = saved.Multiplier,
        Log10Multiplier = saved.Log10Multiplier,
        ClassifierMultiplier = double.NaN,
        FeatureMultiplier = double.NaN,
        CriticalClassSize = saved.CriticalClassSize,
        Log10CriticalClassSize = saved.Log10CriticalClassSize,
        GeometryError = double.NaN,
        ConstraintViolation = double.NaN,
        Seconds = double.NaN,
        EntropyFloor = double.NaN,
        Excess = double.NaN,
        ExcessUpperBound = double.NaN,
        ExcessLowerBound = double.NaN,
        IsLoaded = 1,
        Method = Text(saved.Method),
        Reason = Text(""),
    };

    public override (long Rows, long Columns) ShapeOf(MatrixKind kind) => kind switch
    {
        MatrixKind.Classifier when saved.Classifier is { } w => (w.RowCount, w.ColumnCount),
        MatrixKind.Features when saved.ClassMeans is { } h => (h.RowCount, h.ColumnCount),
        MatrixKind.Bias when saved.Bias is { } b => (b.Count, 1),
        MatrixKind.ClassifierCosines when saved.ClassifierCosines is { } cosines => (cosines.RowCount, cosines.ColumnCount),
        MatrixKind.FeatureCosines when saved.FeatureCosines is { } cosines => (cosines.RowCount, cosines.ColumnCount),
        _ => (0, 0),
    };

    public override Matrix<double> MatrixOf(MatrixKind kind) => kind switch
    {
        MatrixKind.Classifier => saved.Classifier!,
        MatrixKind.Features => saved.ClassMeans!,
        MatrixKind.Bias => saved.Bias!.ToColumnMatrix(),
        MatrixKind.ClassifierCosines => saved.ClassifierCosines!,
        _ => saved.FeatureCosines!,
    };
}
