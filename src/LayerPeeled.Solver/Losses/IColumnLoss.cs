namespace LayerPeeled.Solver.Losses;

/// <summary>A loss that evaluates many examples at once, logit i of example c at i·ld + c, every class once.</summary>
internal unsafe interface IColumnLoss
{
    /// <summary>Losses and their derivatives in all logits, as <see cref="ILoss.Gradient"/> gives them.</summary>
    /// <param name="classes">K.</param>
    /// <param name="columns">How many examples, a multiple of four.</param>
    /// <param name="ownClasses">The class of each example.</param>
    /// <param name="logits">K rows; the derivatives take their place.</param>
    /// <param name="ld">Distance between rows.</param>
    /// <param name="losses">Receives the loss of each example.</param>
    void Gradients(int classes, int columns, ReadOnlySpan<int> ownClasses, double* logits, nint ld, double* losses);
}
