using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>The solution of a model of soft targets.</summary>
/// <param name="solution">The solution.</param>
/// <param name="tolerance">The relative gap at which it counts as closed.</param>
internal sealed class TargetSolutionHandle(SoftTargetSolution solution, double tolerance) : SolutionHandle
{
    public SoftTargetSolution Solution => solution;

    public override IReadOnlyList<GroupGeometry> Groups => [];

    public override IReadOnlyList<IterationReport> Trace => solution.Trace;

    public override LpSolutionInfo Info()
    {
        double floor = solution.Model.Targets.EntropyFloor;
        return new LpSolutionInfo
        {
            Status = (int)solution.Status,
            ModelKind = ModelKinds.Targets,
            IsProof = solution.IsProof ? 1 : 0,
            Iterations = solution.Iterations,
            Classes = solution.Model.Targets.Tokens,
            Columns = solution.Model.Targets.Contexts,
            FeatureDimension = solution.Model.FeatureDimension,
            Rank = solution.Rank,
            Objective = solution.Objective,
            Loss = solution.Objective,
            UpperBound = floor + solution.ExcessUpperBound,
            LowerBound = floor + solution.ExcessLowerBound,
            AbsoluteGap = solution.ExcessUpperBound - solution.ExcessLowerBound,
            RelativeGap = solution.RelativeGap,
            GapTolerance = tolerance,
            Log10Objective = double.NaN,
            Log10UpperBound = double.NaN,
            Log10LowerBound = double.NaN,
            Log10AbsoluteGap = double.NaN,
            Multiplier = solution.Multiplier,
            Log10Multiplier = double.NaN,
            ClassifierMultiplier = double.NaN,
            FeatureMultiplier = double.NaN,
            CriticalClassSize = double.NaN,
            Log10CriticalClassSize = double.NaN,
            GeometryError = solution.GeometryError,
            Seconds = solution.Elapsed.TotalSeconds,
            EntropyFloor = floor,
            Excess = solution.Excess,
            ExcessUpperBound = solution.ExcessUpperBound,
            ExcessLowerBound = solution.ExcessLowerBound,
            DistinctContexts = solution.DistinctContexts,
            BudgetsAreSlack = solution.BudgetsAreSlack ? 1 : 0,
            Method = Text(solution.Method),
            Reason = Text(solution.Reason),
        };
    }

    public override (long Rows, long Columns) ShapeOf(MatrixKind kind)
    {
        long tokens = solution.Model.Targets.Tokens, contexts = solution.Model.Targets.Contexts, p = solution.Model.FeatureDimension;
        return kind switch
        {
            MatrixKind.Classifier => (tokens, p),
            MatrixKind.Features => (p, contexts),
            MatrixKind.Logits => (tokens, contexts),
            MatrixKind.ClassifierGram => (tokens, tokens),
            MatrixKind.FeatureGram => (contexts, contexts),
            _ => (0, 0),
        };
    }

    public override Matrix<double> MatrixOf(MatrixKind kind) => kind switch
    {
        MatrixKind.Classifier => solution.Classifier,
        MatrixKind.Features => solution.Features,
        MatrixKind.Logits => solution.Logits(),
        MatrixKind.ClassifierGram => solution.ClassifierGram(),
        _ => solution.FeatureGram(),
    };
}
