namespace LayerPeeled.Solver.Programs;

/// <summary>What a feature column of the factorised program stands for.</summary>
public enum FactorizedLevel
{
    /// <summary>One column a class: its mean feature.</summary>
    ClassMeans,

    /// <summary>One column an example.</summary>
    SampleLevel,
}
