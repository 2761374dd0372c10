using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>What a relative has to say after its solve.</summary>
internal sealed record RelativeResult
{
    /// <summary>How it ended; <see cref="SolverStatus.Optimal"/> only where a gap has closed.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>The same in a line.</summary>
    public required string Headline { get; init; }

    /// <summary>The relative gap to the lower bound; NaN where there is none.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>The gap that counts as closed; null where none does.</summary>
    public double? GapTolerance { get; init; }

    /// <summary>How the point was found.</summary>
    public required string Method { get; init; }

    /// <summary>Iterations; null of a closed form.</summary>
    public int? Iterations { get; init; }

    /// <summary>The classes; null where there are none.</summary>
    public ClassInput? Input { get; init; }

    /// <summary>What was solved.</summary>
    public required IReadOnlyList<Fact> Model { get; init; }

    /// <summary>Objective, bound and their kin.</summary>
    public required IReadOnlyList<Fact> Values { get; init; }

    /// <summary>The closed form and how far the point is from it; empty where there is none.</summary>
    public IReadOnlyList<Fact> ClosedForm { get; init; } = [];

    /// <summary>What was measured at the point besides.</summary>
    public IReadOnlyList<Fact> Checks { get; init; } = [];

    /// <summary>Norms and cosines by group of equal classes.</summary>
    public IReadOnlyList<GroupGeometry> Groups { get; init; } = [];

    /// <summary>Cosines between classifiers, G×G; null where there are no classifiers.</summary>
    public Matrix<double>? ClassifierCosines { get; init; }

    /// <summary>Cosines between class means, G×G.</summary>
    public Matrix<double>? FeatureCosines { get; init; }

    /// <summary>Numbers of its own.</summary>
    public NumberTable? Table { get; init; }

    /// <summary>Forms the arrays of an archive.</summary>
    public required Func<IEnumerable<(string Name, Matrix<double> Values)>> Arrays { get; init; }
}
