namespace LayerPeeled.Cli.Input;

/// <summary>The models that <c>trajectory</c> follows.</summary>
internal enum TrajectoryModel
{
    /// <summary>No constraint and no penalty: norms grow without limit.</summary>
    Free,

    /// <summary>The Layer-Peeled Model, with budgets.</summary>
    LayerPeeled,
}
