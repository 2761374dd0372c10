namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>
/// How far the norms and angles of a network are from those of an optimum, over groups of classes. Cosines: root mean square over pairs of groups g ≤ h of the difference of
/// mean cosines (a vector that vanishes in the optimum has cosine 0). Norms: root mean square over groups of 2(a − b)/(a + b), a and b the mean norms, or a
/// hundredth of the root mean square of the network's where they are shorter: it is log(a/b) to second order and at most 2, as a difference of cosines is. 0 where network and optimum agree.
/// </summary>
public sealed record GeometryMisfit
{
    internal GeometryMisfit()
    {
    }

    /// <summary>Of the cosines between classifiers.</summary>
    public required double ClassifierCosines { get; init; }

    /// <summary>Of the norms of classifiers.</summary>
    public required double ClassifierNorms { get; init; }

    /// <summary>Of the cosines between class means; NaN where there are no features.</summary>
    public required double MeanCosines { get; init; }

    /// <summary>Of the norms of class means; NaN where there are no features.</summary>
    public required double MeanNorms { get; init; }

    /// <summary>The root mean square of the four, or of the first two where there are no features: 0.1 is cosines off by 0.1 and norms by 10 %.</summary>
    public double Total
    {
        get
        {
            double classifier = (ClassifierCosines * ClassifierCosines) + (ClassifierNorms * ClassifierNorms);
            return double.IsNaN(MeanNorms)
                ? Math.Sqrt(classifier / 2)
                : Math.Sqrt((classifier + (MeanCosines * MeanCosines) + (MeanNorms * MeanNorms)) / 4);
        }
    }
}
