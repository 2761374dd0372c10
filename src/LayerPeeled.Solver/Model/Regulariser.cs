namespace LayerPeeled.Solver.Model;

/// <summary>What keeps classifiers and features from growing without limit: <see cref="Budgets"/> or <see cref="Penalties"/>. Immutable.</summary>
public abstract record Regulariser
{
    private protected Regulariser()
    {
    }

    /// <summary>How the features of a class count.</summary>
    public FeatureNorm FeatureNorm { get; init; }

    /// <summary>Refuses numbers out of range.</summary>
    internal abstract void Validate();
}
