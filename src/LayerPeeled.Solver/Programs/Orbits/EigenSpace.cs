namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>An eigenspace on one class of tokens.</summary>
/// <param name="TokenClass">The class.</param>
/// <param name="Tokens">How many tokens it has.</param>
/// <param name="Vectors">Orthonormal vectors, one after another.</param>
internal sealed record EigenSpace(int TokenClass, int Tokens, double[] Vectors)
{
    public int Dimension => Vectors.Length / Tokens;

    public ReadOnlySpan<double> this[int vector] => Vectors.AsSpan(vector * Tokens, Tokens);
}
