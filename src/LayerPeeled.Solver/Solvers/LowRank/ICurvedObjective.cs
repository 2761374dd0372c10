namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>A function with second derivatives, to be minimised by Newton steps.</summary>
internal interface ICurvedObjective : ISmoothObjective
{
    /// <summary>The number of variables.</summary>
    int Dimension { get; }

    /// <summary>Relative measure of stationarity at the last evaluated point.</summary>
    double Stationarity { get; }

    /// <summary>∇²φ·d at the last evaluated point.</summary>
    /// <param name="slope">∇φ, from <see cref="ISmoothObjective.Evaluate"/>.</param>
    /// <param name="scaledDirection">d.</param>
    /// <param name="product">Receives the product.</param>
    void CurvatureProduct(ReadOnlySpan<double> slope, ReadOnlySpan<double> scaledDirection, Span<double> product);

    /// <summary>The largest relative change of any vector of the model by a step.</summary>
    double LargestChange(ReadOnlySpan<double> scaled, ReadOnlySpan<double> step);
}
