namespace LayerPeeled.Solver.Analysis;

/// <summary>Norms and cosines of classifiers, or of class means, of two groups. A cosine is NaN where a vector vanishes or there is no pair.</summary>
/// <param name="MajorityNorm2">Squared norm of a majority class.</param>
/// <param name="MinorityNorm2">Squared norm of a minority class.</param>
/// <param name="MajorityCosine">Cosine between two majority classes.</param>
/// <param name="MinorityCosine">Cosine between two minority classes (the average over their pairs: all are equal).</param>
/// <param name="CrossCosine">Cosine between a majority and a minority class.</param>
public readonly record struct StepImbalanceSide(
    double MajorityNorm2, double MinorityNorm2, double MajorityCosine, double MinorityCosine, double CrossCosine);
