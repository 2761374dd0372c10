using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Native.Handles;

/// <summary>A solution: of classes, of soft targets, or read from a file.</summary>
internal abstract class SolutionHandle : Handle, IHandle
{
    public static string TypeName => "lp_solution";

    /// <summary>Norms and cosines of each group; none for soft targets.</summary>
    public abstract IReadOnlyList<GroupGeometry> Groups { get; }

    /// <summary>How far each group is from collapse; null where that is not known.</summary>
    public virtual IReadOnlyList<double>? CollapseRatios => null;

    public virtual IReadOnlyList<IterationReport> Trace => [];

    public abstract LpSolutionInfo Info();

    /// <summary>The shape of a matrix without forming it; 0×0 where there is none.</summary>
    public abstract (long Rows, long Columns) ShapeOf(MatrixKind kind);

    /// <summary>A matrix that <see cref="ShapeOf"/> says is there.</summary>
    public abstract Matrix<double> MatrixOf(MatrixKind kind);

    public LpGroup Group(int g)
    {
        GroupGeometry group = Groups[g];
        return new LpGroup
        {
            Classes = group.Classes,
            Count = group.Count,
            LossWeight = group.LossWeight,
            ClassifierNorm2 = group.ClassifierNorm2,
            FeatureNorm2 = group.FeatureNorm2,
            Bias = group.Bias ?? double.NaN,
            ClassifierCosine = group.ClassifierCosine,
            FeatureCosine = group.FeatureCosine,
            LeastClassifierCosine = group.LeastClassifierCosine,
            LargestClassifierCosine = group.LargestClassifierCosine,
            LeastFeatureCosine = group.LeastFeatureCosine,
            LargestFeatureCosine = group.LargestFeatureCosine,
            CollapseRatio = CollapseRatios?[g] ?? double.NaN,
            Collapsed = group.Collapsed ? 1 : 0,
        };
    }
}
