namespace LayerPeeled.Solver.Tests.Support;

/// <summary>What a <see cref="LyingBackend"/> gets wrong.</summary>
public enum Lie
{
    /// <summary>Every matrix is definite.</summary>
    Definite,

    /// <summary>No matrix is.</summary>
    Indefinite,

    /// <summary>The factor of a definite matrix is another matrix.</summary>
    WrongFactor,

    /// <summary>Its entries are as large as can be.</summary>
    HugeFactor,

    /// <summary>It is not a number.</summary>
    NaNFactor,

    /// <summary>Eigenvalues and singular values are too small by a millionth, vectors as much too long: products agree.</summary>
    ShortValues,

    /// <summary>The largest eigenvalue and singular value are missed.</summary>
    MissedValues,

    /// <summary>Vectors are turned.</summary>
    WrongVectors,

    /// <summary>Decompositions are not numbers.</summary>
    NaNValues,

    /// <summary>Entries of products are off by a millionth, some up, some down.</summary>
    WrongProducts,

    /// <summary>All entries of products are too large by a millionth.</summary>
    LongProducts,

    /// <summary>An entry of each product is not a number.</summary>
    NaNProducts,

    /// <summary>An entry of each product is as large as can be.</summary>
    HugeProducts,

    /// <summary>Nothing is what it should be.</summary>
    Garbage,
}
