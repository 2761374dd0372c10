using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Programs;

/// <summary>The loss of each column of a program, in one unit: one for all, or one for each where the loss depends on the class.</summary>
internal readonly struct ColumnLosses(ILoss shared, ILoss[]? ofColumn, double logUnit)
{
    /// <summary>The loss of column h.</summary>
    public ILoss this[int h] => ofColumn is null ? shared : ofColumn[h].InUnit(logUnit);
}
