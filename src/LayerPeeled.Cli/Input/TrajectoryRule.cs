namespace LayerPeeled.Cli.Input;

/// <summary>The rules that <c>trajectory</c> takes its steps by: two of the unconstrained model, then those of projected gradient.</summary>
internal enum TrajectoryRule
{
    /// <summary>Gradient flow.</summary>
    Flow,

    /// <summary>Gradient descent.</summary>
    Descent,

    /// <summary>Barzilai and Borwein's lengths.</summary>
    Spectral,

    /// <summary>Backtracking along the projection arc.</summary>
    Armijo,

    /// <summary>One length throughout.</summary>
    Constant,

    /// <summary>Momentum with restarts.</summary>
    Nesterov,
}
