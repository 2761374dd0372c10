namespace LayerPeeled.Solver.Losses;

/// <summary>The loss of one column whose target is a distribution over the rows and not one of them.</summary>
internal interface ITargetLoss
{
    /// <summary>V: rows beyond are no tokens.</summary>
    int Tokens { get; }

    /// <summary>The row that the column holds apart as its own: the likeliest, whose probability cannot vanish.</summary>
    int OwnRow { get; }

    /// <summary>Adds a multiple of the target, column[j] += factor·t_j.</summary>
    void AddTarget(double factor, Span<double> column);
}
