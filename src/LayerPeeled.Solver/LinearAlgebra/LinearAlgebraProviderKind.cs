namespace LayerPeeled.Solver.LinearAlgebra;

/// <summary>The dense linear algebra the library can run on.</summary>
public enum LinearAlgebraProviderKind
{
    /// <summary>By the rule that <see cref="LinearAlgebraProvider"/> states: what is installed, and what it makes of this processor.</summary>
    Auto,

    /// <summary>An installed Intel MKL (<c>mkl_rt</c>); its decompositions only, where its kernels make less of the processor than the managed products.</summary>
    Mkl,

    /// <summary>An installed OpenBLAS; its decompositions only, where its kernels make less of the processor than the managed products.</summary>
    OpenBlas,

    /// <summary>The native provider that the application has switched Math.NET on to; its decompositions only.</summary>
    MathNet,

    /// <summary>The library's own code; always available.</summary>
    Managed,
}
