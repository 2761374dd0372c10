namespace LayerPeeled.Data;

/// <summary>How a caller can make a file of classes readable that is not, as it stands.</summary>
public enum ClassCountRemedy
{
    /// <summary>By mending the file.</summary>
    None,

    /// <summary>By saying which column is meant, with <see cref="ClassCountOptions.Column"/>.</summary>
    NameColumn,

    /// <summary>By counting its labels, with <see cref="ClassFileContent.Labels"/>.</summary>
    CountLabels,

    /// <summary>By the one or the other.</summary>
    NameColumnOrCountLabels,
}
