namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>How the projected gradient method chooses its steps.</summary>
public enum StepRule
{
    /// <summary>x ← P(x − ∇f(x)/L) with one L throughout.</summary>
    Constant,

    /// <summary>Backtracking along the projection arc P(x − t·∇φ(x)) until the decrease is sufficient (Bertsekas). Monotone.</summary>
    Armijo,

    /// <summary>
    /// Spectral projected gradient (Birgin, Martínez, Raydan 2000): Barzilai–Borwein lengths, and a nonmonotone line search
    /// (Grippo, Lampariello, Lucidi) along the feasible direction P(x − t·∇φ(x)) − x.
    /// </summary>
    BarzilaiBorwein,

    /// <summary>Nesterov's momentum with backtracking, restarted when it leads the wrong way (O'Donoghue, Candès 2015).</summary>
    Nesterov,
}
