namespace LayerPeeled.Cli.Input;

/// <summary>The losses of an example.</summary>
internal enum LossKind
{
    /// <summary>Cross-entropy.</summary>
    CrossEntropy,

    /// <summary>Half the squared distance from the one-hot target.</summary>
    SquaredError,
}
