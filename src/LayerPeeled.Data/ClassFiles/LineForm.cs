namespace LayerPeeled.Data.ClassFiles;

/// <summary>How a line is divided into columns.</summary>
internal enum LineForm
{
    /// <summary>By a separator, with quotes around what holds one.</summary>
    Delimited,

    /// <summary>By blanks, wherever they are.</summary>
    Words,

    /// <summary>By the first blanks: a number and a name of several words, as <c>wc</c> and <c>uniq -c</c> print them.</summary>
    FirstWordAndRest,

    /// <summary>By the last blanks: a name of several words and a number.</summary>
    RestAndLastWord,
}
