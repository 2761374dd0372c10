namespace LayerPeeled.Native.Handles;

/// <summary>Matrices of a solution: the constants <c>LP_CLASSIFIER</c> … of the header.</summary>
internal enum MatrixKind
{
    Classifier = 0,
    Features = 1,
    Bias = 2,
    Logits = 3,
    ClassifierGram = 4,
    FeatureGram = 5,
    ClassifierCosines = 6,
    FeatureCosines = 7,
    CollapseRatios = 8,
    SampleFeatures = 9,
    SemidefinitePoint = 10,
    Dual = 11,
}
