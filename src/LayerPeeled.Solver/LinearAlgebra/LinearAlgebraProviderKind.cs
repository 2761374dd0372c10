namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>The dense linear algebra the library can run on.</summary>
public enum LinearAlgebraProviderKind
{
    /// <summary>The first available of <see cref="Mkl"/>, <see cref="OpenBlas"/>, <see cref="MathNet"/>, <see cref="Managed"/>.</summary>
    Auto,

    /// <summary>An installed Intel MKL (<c>mkl_rt</c>).</summary>
    Mkl,

    /// <summary>An installed OpenBLAS; its decompositions only, where it does not use the 512-bit vectors that the library's own products do.</summary>
    OpenBlas,

    /// <summary>The native provider that the application has switched Math.NET on to.</summary>
    MathNet,

    /// <summary>The library's own code; always available.</summary>
    Managed,
}
