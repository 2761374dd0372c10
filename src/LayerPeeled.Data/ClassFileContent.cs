namespace LayerPeeled.Data;

/// <summary>What a file of classes holds.</summary>
public enum ClassFileContent
{
    /// <summary>One line a class, with its number of examples.</summary>
    Counts,

    /// <summary>One line an example, with its class: the examples of each class are counted.</summary>
    Labels,

    /// <summary>One line a class, with its loss weight.</summary>
    Weights,
}
