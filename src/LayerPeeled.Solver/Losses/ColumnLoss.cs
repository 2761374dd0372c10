namespace LayerPeeled.Solver.Losses;

/// <summary>Any loss, evaluated example by example.</summary>
internal sealed unsafe class ColumnLoss(Func<int, ILoss> lossOfClass) : IColumnLoss
{
    /// <summary>The loss itself where it evaluates many examples at once.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="lossOfClass">That of the examples of each class.</param>
    public static IColumnLoss Of(ILoss loss, Func<int, ILoss> lossOfClass) => loss as IColumnLoss ?? new ColumnLoss(lossOfClass);

    public void Gradients(int classes, int columns, ReadOnlySpan<int> ownClasses, double* logits, nint ld, double* losses)
    {
        double[] example = new double[classes], gradient = new double[classes], multiplicities = new double[classes];
        Array.Fill(multiplicities, 1);
        for (int c = 0; c < columns; c++)
        {
            ILoss loss = lossOfClass(ownClasses[c]);
            int k = loss is ITargetLoss target ? target.OwnRow : ownClasses[c];
            for (int i = 0; i < classes; i++)
            {
                example[i] = logits[(i * ld) + c];
            }

            multiplicities[k] = 0;
            losses[c] = loss.Gradient(example[k], example, multiplicities, out double ownGradient, gradient);
            (multiplicities[k], gradient[k]) = (1, ownGradient);
            for (int i = 0; i < classes; i++)
            {
                logits[(i * ld) + c] = gradient[i];
            }
        }
    }
}
