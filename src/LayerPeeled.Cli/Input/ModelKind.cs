namespace LayerPeeled.Cli.Input;

/// <summary>The models that <c>solve</c> knows.</summary>
internal enum ModelKind
{
    /// <summary>The Layer-Peeled Model, with budgets.</summary>
    LayerPeeled,

    /// <summary>The regularised unconstrained-features model, with penalties.</summary>
    UnconstrainedFeatures,
}
