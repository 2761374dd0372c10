using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>The solution of a model of classes.</summary>
internal sealed class ClassSolutionHandle(LayerPeeledSolution solution) : SolutionHandle
{
    public LayerPeeledSolution Solution => solution;

    public override IReadOnlyList<GroupGeometry> Groups => solution.Groups;

    public override IReadOnlyList<double> CollapseRatios => solution.CollapseRatios;

    public override IReadOnlyList<IterationReport> Trace => solution.Trace;

    public override LpSolutionInfo Info()
    {
        LayerPeeledModel model = solution.Model;
        DualityCertificate certificate = solution.Certificate;
        return new LpSolutionInfo
        {
            Status = (int)solution.Status,
            ModelKind = ModelKinds.Classes,
            IsProof = certificate.IsProof ? 1 : 0,
            Iterations = solution.Iterations,
            Classes = model.ClassCount,
            Columns = model.ClassCount,
            Groups = model.Groups.Count,
            FeatureDimension = model.FeatureDimension,
            Rank = solution.Factors.Rank,
            ExcessRank = solution.ExcessRank ?? 0,
            ClassesBelowCriticalSize = solution.ClassesBelowCriticalSize,
            Objective = solution.Objective,
            Loss = solution.Loss,
            UpperBound = certificate.PrimalUpperBound,
            LowerBound = certificate.LowerBound,
            AbsoluteGap = certificate.AbsoluteGap,
            RelativeGap = certificate.RelativeGap,
            GapTolerance = solution.RelativeGapTolerance,
            Log10Objective = solution.Log10Objective,
            Log10UpperBound = certificate.Log10PrimalUpperBound,
            Log10LowerBound = certificate.Log10LowerBound,
            Log10AbsoluteGap = certificate.Log10AbsoluteGap,
            Multiplier = solution.Multiplier,
            Log10Multiplier = certificate.Log10Multiplier,
            ClassifierMultiplier = certificate.ClassifierMultiplier,
            FeatureMultiplier = certificate.FeatureMultiplier,
            CriticalClassSize = solution.CriticalClassSize,
            Log10CriticalClassSize = solution.Log10CriticalClassSize,
            GeometryError = solution.GeometryError,
            ConstraintViolation = certificate.ConstraintViolation,
            Seconds = solution.Elapsed.TotalSeconds,
            EntropyFloor = double.NaN,
            Excess = double.NaN,
            ExcessUpperBound = double.NaN,
            ExcessLowerBound = double.NaN,
            Method = Text(solution.Method),
            Reason = Text(solution.Reason),
        };
    }

    public override (long Rows, long Columns) ShapeOf(MatrixKind kind)
    {
        long classes = solution.Model.ClassCount, p = solution.Model.FeatureDimension, groups = solution.Model.Groups.Count;
        return kind switch
        {
            MatrixKind.Classifier => (classes, p),
            MatrixKind.Features => (p, classes),
            MatrixKind.Bias => solution.Factors.Bias.IsEmpty ? (0, 0) : (classes, 1),
            MatrixKind.ClassifierCosines or MatrixKind.FeatureCosines => (groups, groups),
            MatrixKind.CollapseRatios => (groups, 1),
            MatrixKind.SampleFeatures => solution.SampleFeatures is { } features ? (features.RowCount, features.ColumnCount) : (0, 0),
            MatrixKind.SemidefinitePoint => (2 * classes, 2 * classes),
            _ => (classes, classes),
        };
    }

    public override Matrix<double> MatrixOf(MatrixKind kind) => kind switch
    {
        MatrixKind.Classifier => solution.Classifier,
        MatrixKind.Features => solution.ClassMeans,
        MatrixKind.Bias => solution.Bias!.ToColumnMatrix(),
        MatrixKind.Logits => solution.Logits(),
        MatrixKind.ClassifierGram => solution.ClassifierGram(),
        MatrixKind.FeatureGram => solution.FeatureGram(),
        MatrixKind.ClassifierCosines => solution.ClassifierCosines,
        MatrixKind.FeatureCosines => solution.FeatureCosines,
        MatrixKind.CollapseRatios => Matrix<double>.Build.DenseOfColumns([solution.CollapseRatios]),
        MatrixKind.SampleFeatures => solution.SampleFeatures!,
        MatrixKind.SemidefinitePoint => solution.SemidefinitePoint(),
        _ => solution.Certificate.Dual.Expand(solution.Factors.Program),
    };
}
