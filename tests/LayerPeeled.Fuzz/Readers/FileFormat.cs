namespace LayerPeeled.Fuzz.Readers;

/// <summary>How files are built, so that changed ones get past checksums and lengths.</summary>
internal enum FileFormat
{
    /// <summary>NumPy arrays, archives of them, archives of documents, compressed text, JSON or other text: the first bytes tell.</summary>
    ToldByContent,

    /// <summary>Lines and files with checksums of their own.</summary>
    Records,
}
