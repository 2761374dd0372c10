namespace LayerPeeled.Solver.Family.Spherical;

/// <summary>
/// Where the vectors of one side, classifiers or class means, may be. Points are held without constraints, as vectors whose lengths do not matter, and placed on the
/// set by scaling.
/// </summary>
public abstract record NormConstraint
{
    private protected NormConstraint()
    {
    }

    /// <summary>Whether Lagrange multipliers of squared norms bound the optimum from below.</summary>
    internal virtual bool IsEuclidean => true;

    /// <summary>Whether the set has points inside, so that shorter vectors are allowed.</summary>
    internal abstract bool IsBudget { get; }

    /// <summary>The squared norms of the vectors or, with a budget, what they may be on average.</summary>
    /// <param name="classes">K.</param>
    internal abstract double[] Norms2(int classes);

    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal abstract void Validate(int classes, string name);

    /// <summary>Scales a point onto the set.</summary>
    /// <param name="dimension">p.</param>
    /// <param name="point">p×K, no column zero.</param>
    /// <param name="vectors">Receives the vectors, p×K.</param>
    internal abstract void Place(int dimension, ReadOnlySpan<double> point, Span<double> vectors);

    /// <summary>From derivatives in the vectors to those in the point, in place.</summary>
    internal abstract void Pull(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> vectors, Span<double> derivative);

    /// <summary>The square of the derivative for relative changes: ‖x‖²·‖g‖² of each part of the point that is scaled on its own.</summary>
    internal abstract double RelativeSlope2(int dimension, ReadOnlySpan<double> point, ReadOnlySpan<double> gradient);
}
