namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>What a fenced block holds, by the word after its fence.</summary>
public enum BlockKind
{
    /// <summary><c>sh</c>: commands, run by bash.</summary>
    Commands,

    /// <summary><c>csharp</c>: a whole console program.</summary>
    CSharp,

    /// <summary><c>python</c>: a whole program.</summary>
    Python,

    /// <summary>Anything else with a <c>file:</c> directive: the content of a file.</summary>
    File,
}
