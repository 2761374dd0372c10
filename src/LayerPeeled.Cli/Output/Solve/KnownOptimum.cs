using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>The closed form of a model that has one, beside what its solver found.</summary>
internal static class KnownOptimum
{
    /// <summary>How far the solution is from it, in words; null where there is none: classes that are not balanced, or another loss.</summary>
    public static string? Of(LayerPeeledSolution solution)
    {
        try
        {
            return solution.Model.Loss switch { CrossEntropyLoss => SimplexEtfOf(solution), SquaredErrorLoss => FrameOf(solution), _ => null };
        }
        catch (ArgumentException)
        {
            // The closed forms refuse what they are not for.
            return null;
        }
    }

    private static string SimplexEtfOf(LayerPeeledSolution solution)
    {
        double log = SimplexEtf.BalancedLogObjective(solution.Model);
        double above = Math.Exp((solution.Log10Objective * Math.Log(10)) - log) - 1, distance = SeliGeometry.Of(solution.Model).DistanceOf(solution.Factors).Largest;
        return $"simplex ETF; objective {Sheet.Small(above)} above" + (double.IsNaN(distance) ? "" : $", distance {Sheet.Small(distance)}");
    }

    private static string FrameOf(LayerPeeledSolution solution)
    {
        OrthogonalFrame frame = OrthogonalFrame.Of(solution.Model);
        double above = (solution.Objective - frame.Objective) / frame.Objective, largest = frame.ClassifierNorm2.Max();
        double difference = solution.Groups.Zip(frame.ClassifierNorm2, (group, norm2) => Math.Abs(group.ClassifierNorm2 - norm2)).Max() / largest;
        return $"orthogonal frame; objective {Sheet.Small(above)} above" + (double.IsNaN(difference) ? "" : $", ‖w‖² {Sheet.Small(difference)}");
    }
}
