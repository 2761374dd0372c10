namespace LayerPeeled.Solver.Analysis;

/// <summary>What a class of one of two groups is predicted as: softmax probabilities of its column of Z, each for ONE class.</summary>
/// <param name="Own">Probability of the class itself.</param>
/// <param name="Sibling">Probability of one other class of its group.</param>
/// <param name="Other">Probability of one class of the other group.</param>
public readonly record struct ClassProbabilities(double Own, double Sibling, double Other);
