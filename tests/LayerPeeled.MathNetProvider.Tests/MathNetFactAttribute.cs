using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace LayerPeeled.MathNetProvider.Tests;

/// <summary>A fact about a native provider of Math.NET; visibly skipped where none of them finds its library.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MathNetFactAttribute : FactAttribute
{
    // The switch is for the whole process: these tests are a process of their own for its sake.
    private static readonly Lazy<bool> Switched = new(() => Control.TryUseNativeMKL() || Control.TryUseNativeOpenBLAS());

    public MathNetFactAttribute()
    {
        if (!Switched.Value)
        {
            Skip = "Math.NET finds neither libMathNetNumericsMKL nor libMathNetNumericsOpenBLAS beside these tests or on the loader's path "
                + $"(its providers here: {LinearAlgebraControl.Provider}); docs/native-libraries.md says how to build them.";
        }
    }
}
